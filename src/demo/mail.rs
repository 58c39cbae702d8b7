//! What comes in by e-mail: two petitions, and to cases that somebody works on an answer, an absence notice, a letter that
//! came back, writers who are not the petitioner; and what is nobody's matter.

use super::content::{Ending, Matter};
use super::flow::Weighted;
use super::office_time::DAY_MINUTES;
use super::plan::{Course, Planner};
use super::story::{Arriving, Step, Story};
use crate::domain::case::{Channel, Kind};
use crate::domain::time::{HOUR, Moment};

/// The unit of the handler that is shown.
const UNIT: &str = "north";

impl Planner<'_> {
    /// Petitions by e-mail: one that was confirmed and is in hand, one that waits for its confirmation.
    pub fn petitions_by_mail(&mut self) -> Vec<Story> {
        let ordinary = |m: &Matter| m.ending == Ending::Replied && m.speed == "normal" && m.locale != "en";
        let matter = self.matter(|m| ordinary(m) && m.unit == UNIT && m.category == "noise_barracks");
        let confirmed = self.time.before(self.now, 29 * DAY_MINUTES / 10);
        let mut in_hand = self.mailed(matter, confirmed.plus_seconds(-2 * HOUR), true);
        in_hand.steps.push((confirmed, Step::Confirm));
        let steps: Weighted = self
            .round(matter, Course::Plain)
            .into_iter()
            .take_while(|(_, step)| !matches!(step, Step::SubmitReply { .. }))
            .collect();
        let minutes = self.time.between(confirmed, self.now) * 75 / 100;
        self.lay(&mut in_hand, confirmed, minutes, steps);
        let matter = self.matter(|m| ordinary(m) && !m.confidential);
        let waiting = self.mailed(matter, self.now.plus_seconds(-3 * HOUR), false);
        vec![in_hand, waiting]
    }

    fn mailed(&mut self, matter: &Matter, at: Moment, files: bool) -> Story {
        Story {
            petition: self.petition(matter, Channel::Email),
            speed: matter.speed.clone(),
            category: matter.category.clone(),
            steps: vec![(at, Step::Mail(Arriving::Petition { files }))],
        }
    }

    /// What comes in beside petitions, to the cases in hand that are best to show.
    pub fn letterbox(&self, stories: &mut [Story]) {
        let mut in_hand: Vec<(bool, usize, Moment)> = stories
            .iter()
            .enumerate()
            .filter_map(|(nth, story)| assigned(story).map(|(unit, at)| (unit != UNIT, nth, at)))
            .collect();
        in_hand.sort_by_key(|(elsewhere, nth, _)| (*elsewhere, *nth));
        let ago = |hours: i64, minutes: i64| self.now.plus_seconds(-hours * HOUR - minutes * 60);
        let put_aside = self.time.before(self.now, 200);
        let advertised = put_aside.plus_seconds(-5 * HOUR);
        for (place, what, at) in [
            (0, Arriving::Answer, None),
            (1, Arriving::Bounce, Some(180)),
            (2, Arriving::Away, Some(45)),
            (1, Arriving::Relative, None),
        ] {
            let Some((_, nth, begun)) = in_hand.get(place % in_hand.len().max(1)) else { return };
            let at = match at {
                Some(seconds) => begun.plus_seconds(seconds),
                // After what was done so far.
                None => Moment(i64::midpoint(last(&stories[*nth]).0, self.now.0)),
            };
            stories[*nth].steps.push((at, Step::Mail(what)));
        }
        let Some((_, nth, _)) = in_hand.first() else { return };
        stories[*nth].steps.extend([
            (advertised, Step::Mail(Arriving::Advertisement)),
            (put_aside, Step::PutAside),
            (ago(21, 40), Step::Mail(Arriving::Unrelated)),
            (ago(8, 5), Step::Mail(Arriving::Spam)),
            (ago(1, 35).max(last(&stories[*nth]).plus_seconds(60)), Step::Mail(Arriving::Neighbour)),
        ]);
    }
}

/// Unit and moment that a case was assigned at whose handler works on it, and whose petitioner is written to by e-mail and
/// hides from nobody.
fn assigned(story: &Story) -> Option<(&str, Moment)> {
    let petition = &story.petition;
    let plain = !petition.confidential && petition.kind != Kind::Report && petition.locale != "en";
    let by_mail = petition.channel == Channel::Web && !petition.email.is_empty();
    let usual = |step: &Step| {
        matches!(
            step,
            Step::Submit { .. }
                | Step::Confirm
                | Step::Register
                | Step::Assign { .. }
                | Step::Take { .. }
                | Step::Identity { .. }
                | Step::Note { .. }
                | Step::Draft { .. }
        )
    };
    let works = story.steps.iter().any(|(_, step)| matches!(step, Step::Draft { .. }));
    let usual = works && story.steps.iter().all(|(_, step)| usual(step));
    story.steps.iter().filter(|_| plain && by_mail && usual).rev().find_map(|(at, step)| match step {
        Step::Assign { unit, .. } => Some((unit.as_str(), *at)),
        _ => None,
    })
}

/// When the last step of a story is.
fn last(story: &Story) -> Moment {
    story.steps.iter().map(|(at, _)| *at).max().unwrap_or(Moment(0))
}
