//! What a process holds: memory, and open files.

use super::Outcome;

/// The memory of the process that is in RAM, in KiB.
pub(crate) fn resident_kib(id: u32) -> Outcome<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("/proc/PID/status is not known")?.parse()?)
}

/// How many files and connections the process has open.
pub(crate) fn open_files(id: u32) -> Outcome<usize> {
    Ok(std::fs::read_dir(format!("/proc/{id}/fd"))?.count())
}
