use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// Adds.
    #[tool]
    async fn add(&self) {
        let number = std::rc::Rc::new(1);
        std::future::ready(()).await;
        drop(number);
    }
}

fn main() {}
