//! This module knows in which order a disc is read: on one that is dying, what is used comes first.

use std::sync::atomic::Ordering;

use super::target::Target;
use super::used::Used;
use super::{Job, Order, Plan, RipError};
use crate::event::About;
use crate::reading::Subject;
use crate::sector::SectorRange;

impl Job<'_> {
    /// Settles the route of `plan`. Whatever cannot be known of what is used, no sector is left out for that.
    ///
    /// # Errors
    /// Where the drive cannot go on.
    pub(super) fn order(&mut self, subject: &Subject, plan: &mut Plan, target: &Target) -> Result<(), RipError> {
        let asked = self.options.order;
        if asked == Order::Sequential {
            return Ok(());
        }
        let used = self.look_for_what_is_used(subject, plan.sectors, target)?;
        if self.stop.load(Ordering::Relaxed) {
            return Ok(());
        }
        let Some(used) = used else {
            let text = "no filesystem can be read that would say what is used: every sector is read, from the first to the last";
            self.teller.notice(About::Order, text);
            return Ok(());
        };
        if !used.is_all {
            self.teller.notice(
                About::Order,
                match asked {
                    Order::UsedOnly => {
                        "not all that is used can be known: what is known to be used is read first, and then the rest"
                    }
                    Order::UsedFirst | Order::Sequential => {
                        "not all that is used can be known: what is known comes first"
                    }
                },
            );
        }
        plan.follow(asked, &used);
        Ok(())
    }
}

impl Plan {
    fn follow(&mut self, asked: Order, used: &Used) {
        let first = SectorRange::common(&self.ranges, &used.ranges);
        let rest = SectorRange::without(&self.ranges, &used.ranges);
        self.order = if used.is_all { asked } else { Order::UsedFirst };
        match self.order {
            Order::Sequential => {}
            Order::UsedFirst => self.route = [first, rest].concat(),
            Order::UsedOnly => {
                self.route.clone_from(&first);
                self.ranges = SectorRange::joined(first);
            }
        }
    }
}
