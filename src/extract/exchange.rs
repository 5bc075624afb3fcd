//! This module knows how batches go to and fro between the thread that fills them and the one that empties them.
//!
//! Channels would do, but for two things: they yield the processor before they sleep, which on a busy machine costs a
//! turn of everybody else, and whoever waits wakes for each batch that comes home instead of for half of them.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The other side is gone.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Gone;

/// A number of batches, and what was found out when they were emptied.
pub(super) struct Exchange<B, R> {
    batches: usize,
    state: Mutex<State<B, R>>,
    filled: Condvar,
    came_home: Condvar,
}

struct State<B, R> {
    full: VecDeque<B>,
    free: Vec<B>,
    results: Vec<R>,
    /// Nothing more is filled.
    is_over: bool,
    /// Nothing more is emptied.
    is_gone: bool,
}

impl<B, R> Exchange<B, R> {
    pub(super) fn new(free: Vec<B>) -> Self {
        let batches = free.len();
        let state =
            Mutex::new(State { full: VecDeque::new(), free, results: Vec::new(), is_over: false, is_gone: false });
        Self { batches, state, filled: Condvar::new(), came_home: Condvar::new() }
    }

    /// A batch to fill. Where there is none, waits until half of them are at home.
    pub(super) fn take(&self) -> Result<B, Gone> {
        let state = self.lock();
        let least = if state.free.is_empty() { self.half() } else { 1 };
        self.with(state, least)?.free.pop().ok_or(Gone)
    }

    /// A full batch, to be emptied. No more can be filled than there are.
    pub(super) fn fill(&self, batch: B) {
        self.lock().full.push_back(batch);
        self.filled.notify_one();
    }

    /// Waits until all are at home.
    pub(super) fn settle(&self) -> Result<(), Gone> {
        self.with(self.lock(), self.batches).map(drop)
    }

    /// What was found out since this was asked last, in order.
    pub(super) fn results(&self) -> Vec<R> {
        std::mem::take(&mut self.lock().results)
    }

    /// Nothing more is filled: once all are empty, `empty_all` returns.
    pub(super) fn end(&self) {
        self.lock().is_over = true;
        self.filled.notify_one();
    }

    /// Empties batch after batch, until that is over.
    pub(super) fn empty_all(&self, mut empty: impl FnMut(&mut B, &mut Vec<R>)) {
        let _farewell = Farewell(self);
        let mut results = Vec::new();
        loop {
            let state = self.filled.wait_while(self.lock(), |state| state.full.is_empty() && !state.is_over);
            let Some(mut batch) = state.unwrap_or_else(PoisonError::into_inner).full.pop_front() else { return };
            empty(&mut batch, &mut results);
            let mut state = self.lock();
            state.free.push(batch);
            state.results.append(&mut results);
            if state.free.len() >= self.half() {
                drop(state);
                self.came_home.notify_one();
            }
        }
    }

    fn half(&self) -> usize {
        self.batches.div_ceil(2)
    }

    fn with<'s>(
        &'s self,
        state: MutexGuard<'s, State<B, R>>,
        least: usize,
    ) -> Result<MutexGuard<'s, State<B, R>>, Gone> {
        let state = self.came_home.wait_while(state, |state| state.free.len() < least && !state.is_gone);
        let state = state.unwrap_or_else(PoisonError::into_inner);
        if state.free.len() < least { Err(Gone) } else { Ok(state) }
    }

    fn lock(&self) -> MutexGuard<'_, State<B, R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whoever ends by a panic wakes the other all the same.
struct Farewell<'a, B, R>(&'a Exchange<B, R>);

impl<B, R> Drop for Farewell<'_, B, R> {
    fn drop(&mut self) {
        self.0.lock().is_gone = true;
        self.0.came_home.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::thread;

    #[test]
    fn all_that_is_filled_is_emptied_in_order() {
        let exchange = Exchange::new(vec![0; 5]);
        thread::scope(|scope| {
            scope.spawn(|| exchange.empty_all(|batch, results| results.push(*batch)));
            for number in 0..1000 {
                let _empty = exchange.take().unwrap();
                exchange.fill(number);
            }
            exchange.settle().unwrap();
            assert_eq!(exchange.results(), (0..1000).collect::<Vec<_>>());
            exchange.fill(exchange.take().unwrap());
            exchange.end();
        });
        assert_eq!(exchange.results().len(), 1);
    }

    #[test]
    fn who_waits_for_a_thread_that_panicked_is_told() {
        let exchange = Exchange::<u8, ()>::new(vec![0; 4]);
        thread::scope(|scope| {
            let writer = || exchange.empty_all(|_, _| panic!("as the test wants it"));
            scope.spawn(move || catch_unwind(AssertUnwindSafe(writer)).unwrap_err());
            let gone = (0..10).find_map(|_| exchange.take().map(|batch| exchange.fill(batch)).err());
            assert_eq!(gone, Some(Gone));
            assert_eq!(exchange.settle(), Err(Gone));
        });
    }
}
