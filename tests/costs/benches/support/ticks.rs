//! The processor time of a process.

use super::Outcome;

/// User and system time of the process so far, in clock ticks.
pub(crate) fn of(id: u32) -> Outcome<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    // The second field is the program's name in brackets, which may itself have spaces. Behind
    // it come the fields from the third on; user and system time are the 14th and the 15th.
    let (_, fields) = stat
        .rsplit_once(") ")
        .ok_or("/proc/PID/stat is not known")?;
    let times = fields.split(' ').skip(11).take(2);
    times
        .map(|ticks| Ok(ticks.parse::<u64>()?))
        .sum::<Outcome<u64>>()
}
