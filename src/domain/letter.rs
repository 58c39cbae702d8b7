//! The letters the service owes people, as data: an act stores one of these beside what it did, and the
//! words are put to it when it is sent. A letter names no address and holds no link, token or query code;
//! those are added at rendering, so that a stored letter opens nothing.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::policy::ClockPurpose;
use super::time::Moment;
use crate::codes;

mod about;
mod day;
mod line;
mod report;

pub use self::about::Audience;
pub use self::line::{ClockLine, UnitLines, UnusualLine};
pub use self::report::{FigureLine, ReportLetter, ReportPicture, ReportRow, ReportTable};

/// One letter, by what it tells its reader.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields are the words of the glossary; only those that need more carry a note")]
pub enum Letter {
    /// To the petitioner: confirm the submission by this link, or it becomes no case.
    Confirm { subject: String, expires_at: Moment },
    /// To the petitioner, once: the submission still waits for confirmation.
    ConfirmReminder { subject: String, expires_at: Moment },
    /// To the petitioner: the case exists; number, query code and a copy of what was written.
    Receipt {
        number: String,
        subject: String,
        body: String,
        received_at: Moment,
        /// The last day to answer, where it is known already.
        #[serde(default, with = "day::maybe")]
        due_on: Option<Date>,
        #[serde(default)]
        unit: Option<String>,
    },
    /// To the petitioner: which unit has the case and until when it answers.
    Assigned {
        number: String,
        subject: String,
        unit: String,
        /// Empty: the agency's own number is printed.
        unit_phone: String,
        #[serde(with = "day")]
        due_on: Date,
    },
    /// To a unit's desk or a handler: a case was assigned to them.
    CaseForUnit {
        number: String,
        subject: String,
        unit: String,
        #[serde(with = "day")]
        due_on: Date,
        /// For whom the reader stands in.
        #[serde(default)]
        for_whom: Option<String>,
    },
    /// To an approver: a draft reply waits.
    ReplyForApproval { number: String, subject: String, handler: String },
    /// To the handler: the draft came back.
    ReplyReturned { number: String, subject: String, by: String, reason: String },
    /// To the petitioner: the reply itself, with the link to rate it.
    Reply {
        number: String,
        subject: String,
        /// What the officer wrote; blank lines part paragraphs.
        body: String,
        /// Empty when the matter rests on no provision.
        legal_basis: String,
        officer_name: String,
        officer_phone: String,
        unit: String,
        rating_until: Moment,
        /// Which appeal or other remedy is open (article 172), where one is.
        #[serde(default)]
        remedy: Option<String>,
        /// File names as the petitioner sees them.
        #[serde(default)]
        attachments: Vec<String>,
    },
    /// To the petitioner: another agency is competent and has the case now.
    Transferred {
        number: String,
        subject: String,
        /// The agency it went to.
        agency: String,
        reason: String,
        /// The provision it was transferred by.
        #[serde(default)]
        legal_note: Option<String>,
    },
    /// To the petitioner: the answer takes longer, and why.
    Extended {
        number: String,
        subject: String,
        #[serde(with = "day")]
        old_due: Date,
        #[serde(with = "day")]
        new_due: Date,
        reason: String,
        officer_name: String,
        officer_phone: String,
        unit: String,
    },
    /// To the petitioner: a changed calendar moved the last day on.
    DueMoved {
        number: String,
        subject: String,
        #[serde(with = "day")]
        old_due: Date,
        #[serde(with = "day")]
        new_due: Date,
        /// The days on which offices are shut, where that is why.
        closed: Vec<ClosedDay>,
        unit: String,
        unit_phone: String,
    },
    /// To the petitioner: registered, but left unprocessed by a ground of article 173.
    NoAction {
        number: String,
        subject: String,
        /// Key of the ground in the agency's table; kept for figures, not printed.
        ground_code: String,
        /// The ground in the petitioner's language, a full sentence or two.
        ground_text: String,
        officer_name: String,
        officer_phone: String,
        unit: String,
    },
    /// To the petitioner: withdrawn as they asked.
    Withdrawn { number: String, subject: String },
    /// To the petitioner: the case is open again.
    Reopened {
        number: String,
        subject: String,
        unit: String,
        #[serde(with = "day")]
        due_on: Date,
    },
    /// To staff, at once: the last day is near.
    DueSoon {
        number: String,
        subject: String,
        unit: String,
        #[serde(with = "day")]
        due_on: Date,
        /// Working days until the last day; 0 is today.
        days_left: i64,
        #[serde(default)]
        handler: Option<String>,
        /// What the clock measures.
        #[serde(default = "reply")]
        purpose: ClockPurpose,
        /// For whom the reader stands in.
        #[serde(default)]
        for_whom: Option<String>,
    },
    /// To staff, at once: the last day has passed.
    Overdue {
        number: String,
        subject: String,
        unit: String,
        #[serde(with = "day")]
        due_on: Date,
        /// Working days since the last day.
        days_over: i64,
        #[serde(default)]
        handler: Option<String>,
        /// What the clock measures.
        #[serde(default = "reply")]
        purpose: ClockPurpose,
        /// For whom the reader stands in.
        #[serde(default)]
        for_whom: Option<String>,
    },
    /// To staff, in the morning: what of their clocks is overdue, ends today or soon.
    Digest {
        overdue: Vec<ClockLine>,
        today: Vec<ClockLine>,
        soon: Vec<ClockLine>,
        /// How many more there are than the letter lists.
        more: i64,
    },
    /// To handler and supervisors: the control officer asks why it is late (稽催).
    Reminder {
        number: String,
        subject: String,
        unit: String,
        handler: Option<String>,
        purpose: ClockPurpose,
        #[serde(with = "day")]
        due_on: Date,
        /// Working days since the last day.
        days_over: i64,
        /// What the control officer wrote; may be empty.
        note: String,
        /// Who asks.
        asked_by: String,
        asked_by_phone: String,
        /// The last day to explain.
        #[serde(with = "day")]
        explain_by: Date,
        /// For whom the reader stands in.
        #[serde(default)]
        for_whom: Option<String>,
    },
    /// To control officers and supervisors, once a week: every overdue clock in their reach, by unit.
    WeeklyList {
        /// The Monday of its week.
        #[serde(with = "day")]
        week_of: Date,
        /// Overdue clocks in all.
        count: i64,
        /// Of these, how many wait for an explanation that was asked for.
        unexplained: i64,
        units: Vec<UnitLines>,
        /// How many more there are than the letter lists.
        more: i64,
    },
    /// To a supervisor: a low rating asks for a second look.
    ReviewTask {
        number: String,
        subject: String,
        /// 1 (very dissatisfied) to 5 (very satisfied).
        overall: u8,
        #[serde(default)]
        comment: Option<String>,
    },
    /// To the petitioner: what is missing, until when it is waited for, and how to give it.
    SupplementAsked {
        number: String,
        subject: String,
        /// What the officer wrote; blank lines part paragraphs.
        question: String,
        /// The last day to give it.
        #[serde(with = "day")]
        until: Date,
        officer_name: String,
        officer_phone: String,
        unit: String,
    },
    /// To the handler: the petitioner gave what was asked for.
    SupplementGiven {
        number: String,
        subject: String,
        /// The last day of the reply, as it stands now.
        #[serde(default, with = "day::maybe")]
        due_on: Option<Date>,
    },
    /// To whoever has the case: a message by e-mail joined it.
    MailJoined {
        number: String,
        subject: String,
        /// The case is finished: nothing reopens it by itself.
        finished: bool,
    },
    /// To a unit: another one asks for its part.
    ConsultationAsked {
        number: String,
        subject: String,
        /// The unit that is asked.
        unit: String,
        /// The unit that asks.
        lead_unit: String,
        question: String,
        #[serde(with = "day")]
        due_on: Date,
    },
    /// To the handler: a unit answered.
    ConsultationAnswered {
        number: String,
        subject: String,
        /// The unit that answered.
        unit: String,
        /// How many others have not yet.
        still_open: i64,
    },
    /// To whoever decides on it: more time is asked for.
    ExtensionAsked {
        number: String,
        subject: String,
        unit: String,
        /// Who asks.
        by: String,
        /// The last day as it is, before which it is decided or not at all.
        #[serde(with = "day")]
        old_due: Date,
        /// The last day that is asked for.
        #[serde(with = "day")]
        until: Date,
        /// Working days of all extensions together, with this one.
        days: i64,
        reason: String,
        /// For whom the reader stands in.
        #[serde(default)]
        for_whom: Option<String>,
    },
    /// To whoever asked: more time was declined.
    ExtensionDeclined { number: String, subject: String, by: String, reason: String },
    /// To managers: last year's figures are ready.
    YearPackage {
        /// The year of the common era.
        year: i16,
        received: i64,
        closed: i64,
        open_at_end: i64,
        /// On time ÷ closed, 0 to 1; none when nothing was closed.
        on_time_rate: Option<f64>,
        /// Mean days used.
        mean_days: Option<f64>,
        /// Mean of the overall rating, 1 to 5; none when nobody rated.
        satisfaction: Option<f64>,
        agency: String,
        /// The SHA-256 that the figures were locked with: outside the database, who changes both there is found out.
        #[serde(default)]
        checksum: String,
    },
    /// To managers and control officers, once each: numbers that left their usual range.
    UnusualFigures {
        /// How many.
        count: i64,
        lines: Vec<UnusualLine>,
        agency: String,
    },
    /// To whoever a saved report is sent to: its figures, with charts and files.
    SavedReport(ReportLetter),
    /// To whoever answers for an improvement measure from now on.
    MeasureYours {
        /// What is to be done, in one line.
        measure: String,
        unit: String,
        /// Who gave it to them.
        by: String,
        /// The last day.
        #[serde(with = "day")]
        due_on: Date,
    },
    /// To administrators, once a day while it is so: incoming mail is not taken in.
    MailWaiting {
        /// Messages that wait for more than an hour.
        waiting: i64,
        agency: String,
    },
    /// To administrators, every day until it is there: a year's calendar is missing.
    CalendarMissing {
        /// The year of the common era.
        year: i16,
        /// Clocks of open cases that run into it.
        clocks: i64,
        agency: String,
    },
    /// To administrators, once a day: a mailbox is not read, or messages in it are too large to fetch.
    FetchOverdue {
        /// The mailbox's name in the configuration.
        mailbox: String,
        /// When it was last read to its end, where that is too long ago.
        last_read_at: Option<Moment>,
        /// It is overdue, whether or not it was ever read.
        overdue: bool,
        /// What was in the way last, in the server's words.
        error: String,
        /// Messages left in the mailbox that administrators have not been told of.
        too_large: i64,
        agency: String,
    },
}

/// A day on which offices are shut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedDay {
    /// The day.
    #[serde(with = "day")]
    pub on: Date,
    /// Why, as it was entered.
    pub reason: String,
}

codes! {
    /// The language a letter is written in: the petitioner's choice, or the staff member's.
    Locale {
        /// Chinese as written in Taiwan.
        ZhTw = "zh-TW",
        /// English.
        En = "en",
    }
}

/// Letters written before there were several clocks a case speak of the reply's.
const fn reply() -> ClockPurpose {
    ClockPurpose::Reply
}
