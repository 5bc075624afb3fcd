//! This module knows how threads share processors.
#![expect(unsafe_code, reason = "nix has no scheduling class")]

/// Makes this thread one that works through what it is given: waking, it never takes the processor from a thread that
/// is at work, as the one is that speaks to the drive. Where the kernel refuses, it stays as it was.
pub fn work_in_the_background() {
    let parameters = libc::sched_param { sched_priority: 0 };
    // SAFETY: the kernel reads one `sched_param`, which outlives the call, and 0 names the calling thread.
    let _refused = unsafe { libc::sched_setscheduler(0, libc::SCHED_BATCH, &raw const parameters) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_is_that_of_one_thread_alone() {
        // SAFETY: asks about the calling thread, and takes no pointer.
        let class = || unsafe { libc::sched_getscheduler(0) };
        let before = class();
        let inside = std::thread::spawn(move || {
            work_in_the_background();
            class()
        });
        assert_eq!(inside.join().expect("no panic"), libc::SCHED_BATCH);
        assert_eq!(class(), before);
    }
}
