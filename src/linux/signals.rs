//! This module knows what signals mean to a job: stop soon, stop now, tell how far you are.
#![expect(unsafe_code, reason = "a signal handler, and the default action of SIGPIPE")]

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicI64, Ordering};

use nix::sys::signal::{SigHandler, Signal as Number};
use signal_hook::low_level;

/// A signal that ends a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGHUP: the terminal is gone.
    HangUp,
    /// SIGINT: Ctrl-C.
    Interrupt,
    /// SIGTERM
    Terminate,
}

impl Signal {
    const ALL: [Signal; 3] = [Signal::HangUp, Signal::Interrupt, Signal::Terminate];

    pub fn number(self) -> i32 {
        match self {
            Signal::HangUp => libc::SIGHUP,
            Signal::Interrupt => libc::SIGINT,
            Signal::Terminate => libc::SIGTERM,
        }
    }

    /// What a shell shows as the status of a program that this signal ended: 129, 130, 143.
    pub fn exit_status(self) -> i32 {
        self.number().saturating_add(128)
    }
}

/// One press of a key can arrive twice: `timeout` and service managers signal a process and then its group.
const SAME_PRESS_MS: i64 = 100;

/// Hears the signals of this process from [`Signals::install`] on.
#[derive(Debug, Clone)]
pub struct Signals {
    stop: Arc<AtomicBool>,
    first: Arc<First>,
    progress: Arc<AtomicBool>,
}

#[derive(Debug, Default)]
struct First {
    /// The number; 0 before.
    signal: AtomicI32,
    at_ms: AtomicI64,
}

impl Signals {
    /// The first SIGHUP, SIGINT or SIGTERM sets the flag [`stop`](Self::stop); a second ends the process at once.
    /// One that was ignored from the start, as under `nohup`, stays ignored.
    pub fn install() -> io::Result<Self> {
        let signals = Self { stop: Arc::default(), first: Arc::default(), progress: Arc::default() };
        for signal in Signal::ALL {
            if is_ignored(signal.number())? {
                continue;
            }
            let (stop, first) = (Arc::clone(&signals.stop), Arc::clone(&signals.first));
            let handler = move || first.hear(signal.number(), &stop);
            // SAFETY: the handler touches atomics, asks for the time and may restore a default action: all of that is
            // safe in a signal handler; it takes no lock and allocates nothing.
            unsafe { low_level::register(signal.number(), handler) }?;
        }
        signal_hook::flag::register(libc::SIGUSR1, Arc::clone(&signals.progress))?;
        Ok(signals)
    }

    /// Hears nothing.
    #[cfg(test)]
    pub fn unheard() -> Self {
        Self { stop: Arc::default(), first: Arc::default(), progress: Arc::default() }
    }

    /// Set once the job shall end.
    pub fn stop(&self) -> &Arc<AtomicBool> {
        &self.stop
    }

    /// The signal that asked for the end.
    pub fn received(&self) -> Option<Signal> {
        let number = self.first.signal.load(Ordering::Acquire);
        Signal::ALL.into_iter().find(|signal| signal.number() == number)
    }

    /// Whether SIGUSR1 came since this was asked last.
    pub fn progress_wanted(&self) -> bool {
        self.progress.swap(false, Ordering::AcqRel)
    }
}

impl First {
    fn hear(&self, signal: i32, stop: &AtomicBool) {
        let now = milliseconds();
        if self.signal.load(Ordering::Acquire) == 0 {
            self.at_ms.store(now, Ordering::Release);
            self.signal.store(signal, Ordering::Release);
            stop.store(true, Ordering::Release);
        } else if now.saturating_sub(self.at_ms.load(Ordering::Acquire)) > SAME_PRESS_MS {
            let _ = low_level::emulate_default_handler(signal);
        }
    }
}

/// Not by a `Clock`: a handler may take no lock.
fn milliseconds() -> i64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` lives until after the call, which writes to it alone.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut time) };
    time.tv_sec.saturating_mul(1000).saturating_add(time.tv_nsec / 1_000_000)
}

fn is_ignored(signal: i32) -> io::Result<bool> {
    let mut action = std::mem::MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: a null pointer for the new action changes nothing; the old one is written to `action`, for which all
    // zeros are valid also if the call fails.
    let (result, action) = unsafe {
        let result = libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr());
        (result, action.assume_init())
    };
    if result == 0 { Ok(action.sa_sigaction == libc::SIG_IGN) } else { Err(io::Error::last_os_error()) }
}

/// Ends the process by the signal's default action, so that a shell's loop ends too.
pub fn die_of(signal: Signal) -> ! {
    let _ = low_level::emulate_default_handler(signal.number());
    // Only where the signal could not be raised.
    std::process::exit(signal.exit_status())
}

/// From now on a closed pipe ends this process without a word, as it does `cat`; for commands that leave nothing half done.
pub fn die_of_closed_pipes() -> io::Result<()> {
    // SAFETY: the default action runs no code of ours.
    unsafe { nix::sys::signal::signal(Number::SIGPIPE, SigHandler::SigDfl) }?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use nix::sys::signal::raise;

    #[test]
    fn the_first_signal_asks_for_the_end_and_usr1_for_a_line() {
        let signals = Signals::install().unwrap();
        assert_eq!((signals.received(), signals.progress_wanted()), (None, false));
        raise(Number::SIGUSR1).unwrap();
        assert_eq!((signals.progress_wanted(), signals.progress_wanted()), (true, false));
        raise(Number::SIGTERM).unwrap();
        assert_eq!((signals.received(), signals.stop().load(Ordering::Acquire)), (Some(Signal::Terminate), true));
        // At once, as `timeout` does it: the same press.
        raise(Number::SIGTERM).unwrap();
    }

    #[test]
    fn shells_show_these_numbers() {
        assert_eq!(Signal::ALL.map(Signal::exit_status), [129, 130, 143]);
    }
}
