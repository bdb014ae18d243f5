//! What the kernel says about a process. Memory, time and threads are to be printed, never asserted: machines differ.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use super::terminal::LIMIT;

/// Resident memory, in KiB.
pub fn resident_kib(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("the process lives");
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .expect("a living process has VmRSS");
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Time spent on a processor so far, in the program and for it in the kernel. The kernel counts in hundredths.
pub fn cpu_time(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("the process lives");
    // The second field is the name in parentheses, which may hold anything.
    let after = stat.rsplit_once(") ").unwrap().1;
    let fields: Vec<&str> = after.split(' ').collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

/// How often its threads have been woken so far: what an idle process should not do.
pub fn wakeups(pid: u32) -> u64 {
    fs::read_dir(format!("/proc/{pid}/task"))
        .expect("the process lives")
        .filter_map(|task| fs::read_to_string(task.ok()?.path().join("status")).ok())
        .filter_map(|status| {
            let line = status
                .lines()
                .find(|line| line.starts_with("voluntary_ctxt_switches:"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        })
        .sum()
}

/// Whether the process is there and has not ended.
pub fn lives(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| {
        stat.rsplit_once(") ")
            .is_some_and(|(_, rest)| !rest.starts_with('Z'))
    })
}

/// Whether the process is stopped (as by Ctrl+Z), not running or asleep.
pub fn is_stopped(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| {
        stat.rsplit_once(") ")
            .is_some_and(|(_, rest)| rest.starts_with('T'))
    })
}

/// Waits until the process, which was told to stop, stands still: told to go on before that, it would not stop at all.
pub fn wait_until_stopped(pid: u32) {
    let begun = Instant::now();
    while !is_stopped(pid) {
        assert!(begun.elapsed() < LIMIT, "SIGTSTP stops it");
        thread::sleep(Duration::from_millis(2));
    }
}

/// The process's children.
pub fn children(pid: u32) -> Vec<u32> {
    fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"))
        .unwrap_or_default()
        .split_whitespace()
        .map(|pid| pid.parse().unwrap())
        .collect()
}
