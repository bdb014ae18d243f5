//! The worker's queues: which call is sent next, and which one gives way. Pure; [`super::worker`] does the sending.

use std::collections::VecDeque;

use crate::app::effect::{Lane, RequestId};
use crate::domain::Call;

/// A call on its way.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Job {
    pub(super) request: RequestId,
    pub(super) lane: Lane,
    pub(super) call: Call,
}

/// All queues. Until [`Lanes::open`], every call waits.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    open: bool,
    reads: Vec<Reading>,
    writing: Option<Job>,
    writes: VecDeque<Job>,
}

/// One reading lane: what is under way, and the newest of those that came since.
#[derive(Debug)]
struct Reading {
    lane: Lane,
    busy: bool,
    waiting: Option<Job>,
}

impl Lanes {
    /// Takes a call in and returns it back if it can be sent now. On a reading lane an older one that waits is
    /// forgotten; a write goes to the end of its line.
    #[must_use]
    pub(super) fn push(&mut self, job: Job) -> Option<Job> {
        let lane = job.lane;
        if lane == Lane::Write {
            self.writes.push_back(job);
        } else {
            self.reading(lane).waiting = Some(job);
        }
        self.next(lane)
    }

    /// The call on this lane has been answered; returns the one to send now.
    #[must_use]
    pub(super) fn done(&mut self, lane: Lane) -> Option<Job> {
        if lane == Lane::Write {
            self.writing = None;
        } else {
            self.reading(lane).busy = false;
        }
        self.next(lane)
    }

    /// Calls can be sent from now on; returns those that waited for it.
    #[must_use]
    pub(super) fn open(&mut self) -> Vec<Job> {
        self.open = true;
        let lanes: Vec<Lane> = self.reads.iter().map(|r| r.lane).chain([Lane::Write]).collect();
        lanes.into_iter().filter_map(|lane| self.next(lane)).collect()
    }

    /// Calls will never be sent: forgets and returns all that waited for it.
    #[must_use]
    pub(super) fn refuse(&mut self) -> Vec<Job> {
        self.reads
            .iter_mut()
            .filter_map(|r| r.waiting.take())
            .chain(self.writes.drain(..))
            .collect()
    }

    /// Writes that wait in line will not be sent: returns them. The one under way stays.
    #[must_use]
    pub(super) fn forget(&mut self) -> Vec<Job> {
        self.writes.drain(..).collect()
    }

    /// The writes that have not been answered: the one under way first, then those that wait.
    pub(super) fn unanswered(&self) -> impl Iterator<Item = &Job> {
        self.writing.iter().chain(&self.writes)
    }

    fn reading(&mut self, lane: Lane) -> &mut Reading {
        let at = self.reads.iter().position(|r| r.lane == lane).unwrap_or_else(|| {
            self.reads.push(Reading {
                lane,
                busy: false,
                waiting: None,
            });
            self.reads.len() - 1
        });
        &mut self.reads[at]
    }

    fn next(&mut self, lane: Lane) -> Option<Job> {
        if !self.open {
            return None;
        }
        if lane == Lane::Write {
            if self.writing.is_some() {
                return None;
            }
            self.writing = self.writes.pop_front();
            return self.writing.clone();
        }
        let reading = self.reading(lane);
        if reading.busy {
            return None;
        }
        let job = reading.waiting.take();
        reading.busy = job.is_some();
        job
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Nonce;
    use crate::domain::event::EventId;

    fn read(request: u64, lane: Lane) -> Job {
        Job {
            request: RequestId(request),
            lane,
            call: Call::Community,
        }
    }

    fn write(request: u64) -> Job {
        let call = Call::Register {
            nonce: Nonce::from_u128(u128::from(request)),
            event: EventId(1),
        };
        Job {
            request: RequestId(request),
            lane: Lane::Write,
            call,
        }
    }

    #[test]
    fn forgotten_writes_are_not_sent_and_the_one_under_way_is_waited_for() {
        let mut lanes = opened();
        assert_eq!(lanes.push(write(1)), Some(write(1)));
        assert_eq!(lanes.push(write(2)), None);
        assert_eq!(lanes.forget(), [write(2)]);
        assert_eq!(lanes.push(write(3)), None, "behind the first");
        assert_eq!(lanes.done(Lane::Write), Some(write(3)));
    }

    fn opened() -> Lanes {
        let mut lanes = Lanes::default();
        assert_eq!(lanes.open(), []);
        lanes
    }

    #[test]
    fn a_reading_lane_sends_one_and_keeps_the_newest() {
        let mut lanes = opened();
        assert_eq!(lanes.push(read(1, Lane::Search)), Some(read(1, Lane::Search)));
        assert_eq!(lanes.push(read(2, Lane::Search)), None);
        assert_eq!(lanes.push(read(3, Lane::Search)), None);
        assert_eq!(
            lanes.push(read(4, Lane::Page)),
            Some(read(4, Lane::Page)),
            "lanes do not wait for each other"
        );
        assert_eq!(lanes.done(Lane::Search), Some(read(3, Lane::Search)));
        assert_eq!(lanes.done(Lane::Search), None);
        assert_eq!(lanes.push(read(5, Lane::Search)), Some(read(5, Lane::Search)));
    }

    #[test]
    fn writes_stand_in_line_and_none_is_lost() {
        let mut lanes = opened();
        assert_eq!(lanes.push(write(1)), Some(write(1)));
        assert_eq!(lanes.push(write(2)), None);
        assert_eq!(lanes.push(write(3)), None);
        assert_eq!(lanes.unanswered().count(), 3);
        assert_eq!(lanes.done(Lane::Write), Some(write(2)));
        assert_eq!(lanes.done(Lane::Write), Some(write(3)));
        assert_eq!(lanes.done(Lane::Write), None);
        assert_eq!(lanes.unanswered().count(), 0);
    }

    #[test]
    fn before_the_desk_is_open_everything_waits() {
        let mut lanes = Lanes::default();
        assert_eq!(lanes.push(read(1, Lane::Link)), None);
        assert_eq!(lanes.push(read(2, Lane::Link)), None);
        assert_eq!(lanes.push(write(3)), None);
        assert_eq!(lanes.push(write(4)), None);
        assert_eq!(lanes.open(), [read(2, Lane::Link), write(3)]);
        assert_eq!(lanes.done(Lane::Write), Some(write(4)));
    }

    #[test]
    fn what_will_never_be_sent_is_handed_back_once() {
        let mut lanes = Lanes::default();
        assert_eq!(lanes.push(read(1, Lane::Link)), None);
        assert_eq!(lanes.push(write(2)), None);
        assert_eq!(lanes.refuse(), [read(1, Lane::Link), write(2)]);
        assert_eq!(lanes.refuse(), []);
        assert_eq!(lanes.unanswered().count(), 0);
    }
}
