//! The cases near the present that wait: for the petitioner, for another unit, for another agency, for more time.

use super::flow::Weighted;
use super::office_time::DAY_MINUTES;
use super::plan::{Course, Planner};
use super::story::{CONTROL, Step, Story};
use crate::domain::case::Channel;
use crate::domain::staff::Role;

/// What such a case waits for, or did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wait {
    /// The petitioner was asked some days ago.
    Supplement,
    /// The petitioner answered.
    Supplemented,
    /// The answer came by telephone.
    Entered,
    /// The petitioner's time is over; nobody has decided yet.
    SupplementLate,
    /// It ended for want of an answer.
    SupplementMissing,
    /// Another unit was asked.
    Consulting(&'static str),
    /// It answered.
    Consulted(&'static str),
    /// Another agency's opinion.
    OtherAgency,
    /// Extended by the supervisor twice.
    ExtendedTwice,
    /// More time was asked for: so many working days.
    Asking(u32),
    /// And declined.
    Declined,
}

/// The cases: what for, received how many tenths of a working day ago, asked how many tenths ago, where.
const WAITING: &[(Wait, i64, i64, &str)] = &[
    (Wait::Supplement, 31, 12, "north"),
    (Wait::Supplement, 26, 4, "south"),
    (Wait::Supplemented, 44, 25, "north"),
    (Wait::Entered, 41, 22, "east"),
    (Wait::SupplementLate, 118, 92, "north"),
    (Wait::SupplementMissing, 124, 96, "central"),
    (Wait::Consulting("patrol"), 29, 6, "north"),
    (Wait::Consulting("north"), 33, 9, "south"),
    (Wait::Consulting("north"), 47, 27, "patrol"),
    (Wait::Consulted("patrol"), 40, 23, "north"),
    (Wait::OtherAgency, 52, 21, "north"),
    (Wait::ExtendedTwice, 94, 45, "north"),
    (Wait::Asking(4), 47, 7, "north"),
    (Wait::Asking(12), 49, 8, "north"),
    (Wait::Asking(25), 46, 6, "south"),
    (Wait::Declined, 51, 14, "north"),
];

impl Planner<'_> {
    /// All of them.
    pub fn waiting(&mut self) -> Vec<Story> {
        WAITING.iter().map(|(wait, age, asked, unit)| self.waits(*wait, *age, *asked, unit)).collect()
    }

    fn waits(&mut self, wait: Wait, age: i64, asked: i64, unit: &str) -> Story {
        use super::content::Ending;
        let matter =
            self.matter(|m| m.ending == Ending::Replied && m.unit == unit && m.speed == "normal" && m.locale != "en");
        let received = self.time.before(self.now, age * DAY_MINUTES / 10);
        let (mut story, begin) = self.begin(matter, Channel::Web, received);
        // Up to the draft, by the time that something is asked for.
        let steps: Weighted = self
            .round(matter, Course::Plain)
            .into_iter()
            .take_while(|(_, step)| !matches!(step, Step::SubmitReply { .. }))
            .collect();
        let handler = steps.iter().rev().find_map(|(_, step)| match step {
            Step::Draft { by, .. } => Some(by.clone()),
            _ => None,
        });
        let by = handler.unwrap_or_default();
        let at = self.time.before(self.now, asked * DAY_MINUTES / 10);
        let minutes = self.time.between(begin, at) * 85 / 100;
        self.lay(&mut story, begin, minutes, steps);
        // From what was asked to the present.
        let later = |planner: &Self, tenths: i64| planner.time.before(planner.now, tenths * DAY_MINUTES / 10);
        let supervisor = self.person(unit, Role::Supervisor);
        let phrases = self.content.phrases.clone();
        let ask = Step::AskSupplement { by: by.clone(), text: self.phrase(&phrases.supplement_ask) };
        let answer = self.phrase(&phrases.supplement_answer);
        let consult = |planner: &mut Self, unit: &str| Step::Consult {
            by: by.clone(),
            unit: unit.to_owned(),
            text: planner.phrase(&phrases.consult),
        };
        let steps = match wait {
            Wait::Supplement | Wait::SupplementLate => vec![(at, ask)],
            Wait::Supplemented => {
                vec![(at, ask), (later(self, asked / 3), Step::GiveSupplement { text: answer })]
            }
            Wait::Entered => {
                vec![(at, ask), (later(self, asked / 3), Step::EnterSupplement { by: by.clone(), text: answer })]
            }
            Wait::SupplementMissing => {
                let reason = phrases.supplement_missing.clone();
                vec![(at, ask), (later(self, 7), Step::SupplementMissing { by: by.clone(), reason })]
            }
            Wait::Consulting(other) => vec![(at, consult(self, other))],
            Wait::Consulted(other) => {
                let text = self.phrase(&phrases.consult_answer);
                let answer = Step::AnswerConsultation { by: self.person(other, Role::Handler), text };
                vec![(at, consult(self, other)), (later(self, asked / 2), answer)]
            }
            Wait::OtherAgency => {
                let reason = "other_agency".to_owned();
                vec![(at, Step::Wait { by: by.clone(), reason, text: phrases.wait_other_agency.clone() })]
            }
            Wait::ExtendedTwice => {
                let (first, second) =
                    (self.extension(supervisor.clone(), 3, "zh-TW"), self.extension(supervisor, 3, "zh-TW"));
                vec![(at, first), (later(self, 12), second)]
            }
            Wait::Asking(days) => {
                vec![(at, Step::AskExtension { by: by.clone(), days, reason: phrases.ask_extension.clone() })]
            }
            Wait::Declined => {
                let reason = phrases.ask_extension.clone();
                let decline = Step::DeclineExtension { by: CONTROL.into(), reason: phrases.decline_extension.clone() };
                vec![(at, Step::AskExtension { by: by.clone(), days: 10, reason }), (later(self, 4), decline)]
            }
        };
        story.steps.extend(steps);
        story
    }
}
