#![allow(unused_variables)]

fn add(#[arg(default = 5)] a: u32) {}

fn main() {}
