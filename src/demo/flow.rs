//! How a case is worked on: the steps of a round with their share of the time, and how they are laid over a stretch of
//! office time.

use super::content::{Ending, Matter};
use super::plan::{Course, Planner};
use super::story::{CONTROL, REGISTRAR, Step, Story};
use crate::domain::case::{Channel, CloseCode, Kind, ReplyBy};
use crate::domain::deadline::due;
use crate::domain::limit::Limit;
use crate::domain::rating::Rating;
use crate::domain::staff::Role;
use crate::domain::submission::Petition;
use crate::domain::time::{HOUR, Moment};

/// Steps with the weight of the time before each.
pub type Weighted = Vec<(i64, Step)>;

impl Planner<'_> {
    /// The steps of a first round, up to the approval of the reply or the other ending.
    pub fn round(&mut self, matter: &Matter, course: Course) -> Weighted {
        match &matter.ending {
            Ending::Replied => self.answered(matter, course),
            ending => self.ended(matter, ending),
        }
    }

    fn answered(&mut self, matter: &Matter, course: Course) -> Weighted {
        let mut steps = vec![(8, Step::Register)];
        let assign = |by: &str, unit: &str, handler: Option<String>| Step::Assign {
            by: by.to_owned(),
            unit: unit.to_owned(),
            handler,
        };
        let unit = matter.unit.as_str();
        let supervisor = self.person(unit, Role::Supervisor);
        let handler = self.person(unit, Role::Handler);
        if course == Course::Reassigned {
            let wrong = if unit == "patrol" { "planning" } else { "patrol" };
            let by = self.person(wrong, Role::Supervisor);
            steps.push((4, assign(REGISTRAR, wrong, None)));
            steps.push((12, Step::Note { by, text: self.phrase(&self.content.phrases.not_ours) }));
        }
        steps.push((4, assign(REGISTRAR, unit, None)));
        match course {
            Course::Below => {
                let below = self.unit_below(unit);
                steps.push((10, assign(&supervisor, &below, Some(handler.clone()))));
            }
            _ if self.chance.percent(15) => steps.push((10, assign(&supervisor, unit, Some(handler.clone())))),
            _ => steps.push((14, Step::Take { by: handler.clone() })),
        }
        if self.chance.percent(35) {
            steps
                .push((4, Step::Identity { by: handler.clone(), reason: self.phrase(&self.content.phrases.identity) }));
        }
        steps.push((15, Step::Note { by: handler.clone(), text: matter.note.clone() }));
        let basis = matter.legal_basis.clone();
        let write = |body: &str, basis: &str| (handler.clone(), body.to_owned(), basis.to_owned());
        let (by, body, none) = write(matter.reply.split("\n\n").next().unwrap_or_default(), "");
        steps.push((18, Step::Draft { by, body, basis: none }));
        if course == Course::Returned {
            let unfinished = matter.reply.rsplit_once("\n\n").map_or(matter.reply.as_str(), |(head, _)| head);
            let (by, body, basis) = write(unfinished, "");
            steps.push((16, Step::SubmitReply { by, body, basis }));
            let reason = self.phrase(&self.content.phrases.return_reply);
            steps.push((10, Step::Return { by: supervisor.clone(), reason }));
        }
        let (by, body, basis) = write(&matter.reply, &basis);
        steps.push((16, Step::SubmitReply { by, body, basis }));
        steps.push((12, Step::Approve { by: supervisor, result: self.result(matter.kind) }));
        steps
    }

    fn ended(&mut self, matter: &Matter, ending: &Ending) -> Weighted {
        let supervisor = self.person(&matter.unit, Role::Supervisor);
        let handler = self.person(&matter.unit, Role::Handler);
        let assigned = [
            (6, Step::Assign { by: REGISTRAR.into(), unit: matter.unit.clone(), handler: None }),
            (14, Step::Take { by: handler.clone() }),
            (20, Step::Note { by: handler, text: matter.note.clone() }),
        ];
        let mut steps = vec![(10, Step::Register)];
        match ending {
            Ending::NoAction(ground, reason) => {
                steps.extend(assigned);
                let reason = reason.clone();
                steps.push((30, Step::NoAction { by: supervisor, ground: *ground, reason }));
            }
            Ending::Transferred(agency, reason) => {
                steps.push((20, Step::Note { by: REGISTRAR.into(), text: matter.note.clone() }));
                let (agency, reason) = (agency.clone(), reason.clone());
                steps.push((10, Step::Transfer { by: REGISTRAR.into(), agency, reason }));
            }
            Ending::Withdrawn(reason) => {
                steps.extend(assigned);
                let by_staff = Step::WithdrawByStaff { by: supervisor, reason: reason.clone() };
                steps.push((30, if self.chance.percent(50) { by_staff } else { Step::WithdrawByPetitioner }));
            }
            Ending::Replied => {}
        }
        steps
    }

    /// The steps of a second round.
    pub fn second_round(&mut self, matter: &Matter) -> Weighted {
        let handler = self.person(&matter.unit, Role::Handler);
        let supervisor = self.person(&matter.unit, Role::Supervisor);
        let phrases = &self.content.phrases;
        let opening = if matter.locale == "en" { &phrases.second_reply_en } else { &phrases.second_reply };
        let (body, basis) = (format!("{opening}\n\n{}", matter.reply), matter.legal_basis.clone());
        vec![
            (12, Step::Take { by: handler.clone() }),
            (20, Step::Draft { by: handler.clone(), body: opening.clone(), basis: String::new() }),
            (30, Step::SubmitReply { by: handler, body, basis }),
            (12, Step::Approve { by: supervisor, result: self.result(matter.kind) }),
        ]
    }

    /// Lays steps over so many office minutes: the last comes when they are used up.
    pub fn lay(&mut self, story: &mut Story, from: Moment, minutes: i64, steps: Weighted) -> Moment {
        let weights: Vec<i64> = steps.iter().map(|(weight, _)| weight * self.chance.between(60, 140)).collect();
        let all = weights.iter().sum::<i64>().max(1);
        let (mut passed, mut at) = (0, from);
        for (nth, ((_, step), weight)) in (1..).zip(steps.into_iter().zip(weights)) {
            passed += weight;
            // Never two steps in one minute, however short the time is.
            let minute = (minutes * passed / all).max(nth * 2);
            at = self.time.after(from, minute).plus_seconds(self.chance.between(3, 55));
            story.steps.push((at, step));
        }
        at
    }

    /// Begins a story: the form is sent and confirmed, or staff enter it. Gives the moment the limit runs from and the
    /// moment work can begin.
    pub fn begin(&mut self, matter: &Matter, channel: Channel, received: Moment) -> (Story, Moment) {
        let petition = self.petition(matter, channel);
        let mut story =
            Story { petition, speed: matter.speed.clone(), category: matter.category.clone(), steps: Vec::new() };
        if channel == Channel::Web {
            story.steps.push((received, Step::Confirm));
            let first = received.plus_seconds(-self.until_confirmed());
            story.steps.push((first, Step::Submit { mistyped: None }));
            return (story, received);
        }
        let entered = self.time.after(received, self.chance.between(4, 50)).plus_seconds(self.chance.between(0, 50));
        let number = self.chance.between(1, 99_999);
        let on_paper = matches!(channel, Channel::Letter | Channel::Fax | Channel::Referred);
        let referred = channel == Channel::Referred;
        story.steps.push((
            entered,
            Step::Enter {
                received_at: received,
                incoming_ref: on_paper.then(|| format!("示範收字第 {number:06} 號")),
                referring_agency: referred.then(|| self.phrase(&self.content.phrases.referring_agencies)),
            },
        ));
        (story, entered)
    }

    /// Seconds between form and confirmation: mostly minutes, for some the next day, after the reminder.
    fn until_confirmed(&mut self) -> i64 {
        if self.chance.percent(12) {
            25 * HOUR + self.chance.between(0, 20 * HOUR)
        } else {
            self.chance.between(90, 3 * HOUR)
        }
    }

    /// The office minutes from a moment to the end of a class's limit.
    pub fn budget(&self, from: Moment, speed: &str) -> i64 {
        let limit = self.reference.speed_class(speed).map_or(Limit::WorkingDays(6), |class| class.limit);
        let until = due(from, limit, self.time.calendar(), &[]).map_or(from, |answer| answer.due);
        self.time.between(from, until).max(60)
    }

    /// What follows a reply: posting it, a rating, its review, a second round.
    pub fn after_reply(&mut self, story: &mut Story, matter: &Matter, replied: Moment, overall: Option<i32>) {
        if is_on_paper(&story.petition) {
            let posted = self.time.after(replied, self.chance.between(40, 420));
            story.steps.push((posted, Step::MarkPosted));
            return;
        }
        let Some(overall) = overall else { return };
        let rated = self.rated_at(replied);
        story.steps.push((rated, Step::Rate(self.rating(matter, overall))));
        if overall > 2 {
            return;
        }
        let decided = self.time.after(rated, self.chance.between(90, 900));
        let by = CONTROL.to_owned();
        if self.reviews.deal(&mut self.chance) == Some(false) {
            let reason = self.phrase(&self.content.phrases.keep);
            story.steps.push((decided, Step::Keep { by, reason }));
            return;
        }
        let reason = self.phrase(&self.content.phrases.reopen);
        story.steps.push((decided, Step::Reopen { by, reason }));
        let pace = self.chance.between(35, 90);
        let minutes = self.budget(decided, &matter.speed) * pace / 100;
        let steps = self.second_round(matter);
        let again = self.lay(story, decided, minutes, steps);
        if self.chance.percent(60) {
            let rated = self.rated_at(again);
            let overall = i32::try_from(self.chance.between(3, 5)).unwrap_or(4);
            story.steps.push((rated, Step::Rate(self.rating(matter, overall))));
        }
    }

    /// The five answers around an overall one, and the words with it.
    pub fn rating(&mut self, matter: &Matter, overall: i32) -> Rating {
        let mut near =
            |low: i64, high: i64| (overall + i32::try_from(self.chance.between(low, high)).unwrap_or(0)).clamp(1, 5);
        let (result, clarity, speed, attitude) = (near(-1, 0), near(-1, 1), near(-1, 1), near(0, 1));
        let comment = match overall {
            4.. if self.chance.percent(55) => matter.comment_good.clone(),
            ..=2 => matter.comment_bad.clone(),
            _ => String::new(),
        };
        let may_call = overall <= 2 && self.chance.percent(60);
        Rating { result, clarity, speed, attitude, overall, comment, may_call }
    }

    fn result(&mut self, kind: Kind) -> CloseCode {
        use CloseCode as C;
        let of = match kind {
            Kind::Suggestion => &[(45, C::Adopted), (35, C::Explained), (20, C::Answered)][..],
            Kind::Inquiry => &[(95, C::Answered), (5, C::Explained)][..],
            Kind::Report => &[(75, C::Answered), (25, C::Explained)][..],
            Kind::Rights => &[(65, C::Answered), (25, C::Explained), (10, C::OtherRemedy)][..],
        };
        self.chance.weighted(of).unwrap_or(C::Answered)
    }
}

/// Whether the reply goes out on paper.
#[must_use]
pub fn is_on_paper(petition: &Petition) -> bool {
    petition.reply_by == ReplyBy::Letter || petition.email.is_empty()
}
