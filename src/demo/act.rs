//! The plan carried out: every step and every job in one order of time, each through the program's own acts, with the
//! clock set to its moment. Letters leave within seconds, jobs come at the ticks the program has for them.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::time;

use super::content::Content;
use super::message::Arrival;
use super::office_time::OfficeTime;
use super::steps::{Due, Play};
use super::story::{Arriving, Step, Story};
use crate::acts::{clean, close, digest, expire, remind, seal, standing, weekly_list};
use crate::app::App;
use crate::domain::day::Day;
use crate::domain::staff::Staff;
use crate::domain::time::{HOUR, Moment};
use crate::error::{Error, Result};
use crate::post::deliver;
use crate::reports::year_end;

/// What is next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Item {
    /// A step of a story.
    Step(usize, usize),
    /// What waits in the outbox leaves.
    Deliver,
    /// Submissions are reminded of and run out.
    Expiry,
    /// Warnings before and after due dates, the morning's digests, the week's lists.
    Watch,
    /// Rating links run out.
    Close,
    /// The registry desk posts the day's paper letters.
    PostLetters,
    /// New heads of the history are sealed.
    Seal,
    /// Last year's figures are mailed to the managers.
    YearPackage,
    /// Housekeeping.
    Clean,
}

/// The stage on which the plan is played.
pub struct Stage<'a> {
    app: &'a App,
    stories: Vec<Story>,
    play: Play,
    now: Moment,
    /// By moment and order of entry.
    queue: BTreeMap<(Moment, u64), Item>,
    entered: u64,
    /// Ticks of jobs that are queued already.
    ticks: HashSet<(Moment, Item)>,
    /// Messages so far.
    arrived: u64,
}

impl<'a> Stage<'a> {
    /// Sets the stage.
    #[must_use]
    pub fn new(app: &'a App, staff: HashMap<String, Staff>, stories: Vec<Story>, now: Moment) -> Self {
        let play = Play::new(app, staff, stories.len());
        Self { app, stories, play, now, queue: BTreeMap::new(), entered: 0, ticks: HashSet::new(), arrived: 0 }
    }

    /// Plays everything up to the present.
    ///
    /// # Errors
    /// Of the database; `Internal` naming the step that was refused.
    pub fn play(mut self, start: Moment, content: &Content) -> Result<()> {
        for story in 0..self.stories.len() {
            self.queue_step(story, 0);
        }
        self.queue_days(start)?;
        while let Some(((at, _), item)) = self.queue.pop_first() {
            self.app.clock.set(at);
            match item {
                Item::Step(story, step) => self.step(at, story, step, content)?,
                other => self.job(at, other)?,
            }
        }
        // The last seconds: what is still due goes out now, so that nothing waits when the doors open.
        self.app.clock.set(self.now);
        for item in [Item::Expiry, Item::Watch, Item::Close, Item::Deliver, Item::Seal, Item::Clean] {
            self.job(self.now, item)?;
        }
        Ok(())
    }

    fn step(&mut self, at: Moment, story: usize, nth: usize, content: &Content) -> Result<()> {
        let Some((_, step)) = self.stories.get(story).and_then(|s| s.steps.get(nth)) else { return Ok(()) };
        let step = step.clone();
        let done = match &step {
            Step::Mail(what) => self.message(at, story, *what, content),
            step => self.play.step(at, story, &self.stories[story], step, content),
        };
        let dues =
            done.map_err(|e| Error::internal(format!("demonstration, case {story}, step {nth} {step:?}: {e}")))?;
        for due in dues {
            match due {
                Due::Letters => self.tick(at.plus_seconds(1), 5, 0, Item::Deliver),
                Due::Expiry(at) => self.tick(at, 300, 30, Item::Expiry),
                Due::Close(at) => self.tick(at, HOUR, 420, Item::Close),
            }
        }
        self.queue_step(story, nth + 1);
        Ok(())
    }

    /// A message comes in: a petition waits for its confirmation then, like one that came by the form.
    fn message(&mut self, at: Moment, story: usize, what: Arriving, content: &Content) -> Result<Vec<Due>> {
        self.arrived += 1;
        let arrival = Arrival {
            app: self.app,
            words: &content.mail,
            story: &self.stories[story],
            case_id: self.play.case(story).ok(),
            now: at,
            number: self.arrived,
        };
        let message = arrival.arrive(what)?;
        self.play.arrived(story, what, &message)
    }

    fn job(&mut self, at: Moment, item: Item) -> Result<()> {
        let office = &self.app.office;
        match item {
            Item::Deliver => {
                deliver(&self.app.post, &self.app.clock)?;
                return Ok(());
            }
            Item::Expiry => {
                remind::remind(office, at)?;
                expire::expire(office, at)?;
            }
            Item::Watch => {
                standing::standing(office, at)?;
                // It sweeps first.
                digest::digest(office, at)?;
                weekly_list::weekly_list(office, at)?;
            }
            Item::Close => {
                close::close(office, at)?;
                return Ok(());
            }
            Item::PostLetters => return self.play.post_letters(at),
            Item::Seal => {
                seal::seal(office, at)?;
                return Ok(());
            }
            Item::Clean => {
                clean::clean(office, at, self.app.config.mail.incoming.spam_days)?;
                return Ok(());
            }
            Item::YearPackage => {
                year_end::sweep(office, &self.app.config.jobs.year_package_from, at)?;
            }
            Item::Step(..) => return Ok(()),
        }
        self.tick(at.plus_seconds(1), 5, 0, Item::Deliver);
        Ok(())
    }

    fn queue_step(&mut self, story: usize, nth: usize) {
        if let Some((at, _)) = self.stories.get(story).and_then(|s| s.steps.get(nth)) {
            self.enter(*at, Item::Step(story, nth));
        }
    }

    /// The jobs that come with the days: notices in the morning, the post in the afternoon, seals and cleaning by month.
    fn queue_days(&mut self, start: Moment) -> Result<()> {
        let reference = self.app.office.store.read(|db| self.app.office.reference(db))?;
        let office = OfficeTime::new(&reference.calendar);
        let mut day = Day::of(office.date(start));
        let last = Day::of(office.date(self.now));
        while day <= last {
            let date = day.date();
            if office.calendar().is_working_day(date) {
                self.enter(office.at(date, time(8, 30, 0, 0)), Item::Watch);
                self.enter(office.at(date, time(16, 40, 0, 0)), Item::PostLetters);
            }
            if date.day() == 1 {
                self.enter(office.at(date, time(0, 0, 15, 0)), Item::Seal);
                self.enter(office.at(date, time(2, 40, 0, 0)), Item::Clean);
            }
            if date.month() == 1 {
                self.enter(office.at(date, time(9, 20, 0, 0)), Item::YearPackage);
            }
            day = day.next();
        }
        Ok(())
    }

    /// Queues a job for the first of its ticks (every so many seconds, beginning at an offset) that is not before `from`.
    fn tick(&mut self, from: Moment, every: i64, offset: i64, item: Item) {
        let (every, offset) = (every * 1_000_000, offset * 1_000_000);
        let at = Moment((from.0 - offset + every - 1).div_euclid(every) * every + offset);
        if self.ticks.insert((at, item)) {
            self.enter(at, item);
        }
    }

    /// Nothing happens in the future.
    fn enter(&mut self, at: Moment, item: Item) {
        if at < self.now {
            self.entered += 1;
            self.queue.insert((at, self.entered), item);
        }
    }
}
