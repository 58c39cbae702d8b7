//! Policies as data: which of them hold for a case, what makes a document unsound, and its text there and back.

use chenqing::acts::policy_text::{parse, write};
use chenqing::domain::case::{Channel, Kind};
use chenqing::domain::limit::Limit;
use chenqing::domain::policy::{ClockPurpose, Known, Policies, Rules, StartEvent, Subject, When};
use chenqing::domain::staff::Role;
use rstest::rstest;

const SAMPLE: &str = include_str!("../../config/agency/policies.toml");
const KNOWN: Known<'static> = Known {
    categories: &["rescue", "noise"],
    speed_classes: &[
        ("normal", Limit::WorkingDays(6)),
        ("urgent", Limit::WorkingDays(3)),
        ("most_urgent", Limit::WorkingDays(1)),
    ],
};

/// The general policy every document needs, with more after it.
fn document(more: &str) -> String {
    format!(
        r#"from = "2026-01-01"
[[policy]]
code = "all"
name_zh = "一般"
name_en = "All"
start = "confirmed"
[policy.limits]
ceiling = "30 working days"
co_handling = "2 working days"
[policy.extension]
times = 3
days = 30
ladder = [{{ days = 7, rank = "supervisor" }}, {{ days = 30, rank = "manager" }}]
[[policy.pause]]
code = "supplement"
name_zh = "補正"
name_en = "Supplement"
stops = true
[[policy.warning]]
clocks = ["reply"]
when = "2 working days before"
to = ["handler"]
{more}"#
    )
}

fn policy(code: &str, says: &str) -> String {
    format!("[[policy]]\ncode = \"{code}\"\nname_zh = \"{code}\"\nname_en = \"{code}\"\n{says}\n")
}

fn read(text: &str) -> Policies {
    let policies = parse(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    policies.check(KNOWN, 30).unwrap_or_else(|e| panic!("{e}\n{text}"));
    policies
}

const CASE: Subject<'static> =
    Subject { category: Some("noise"), kind: Kind::Report, channel: Channel::Phone, speed_class: Some("urgent") };

fn rules(more: &str, case: &Subject<'_>) -> Rules {
    read(&document(more)).rules(case, Limit::WorkingDays(3))
}

#[rstest]
#[case::only_the_general("", &["all"], "2 working days")]
#[case::another_case("[[M]]speed_class = [\"normal\"]", &["all"], "2 working days")]
#[case::a_special_one("[[M]]speed_class = [\"urgent\"]", &["all", "p1"], "11 working days")]
#[case::the_later_of_equals("[[M]]speed_class = [\"urgent\"]|[[M]]channel = [\"phone\"]", &["all", "p1", "p2"], "12 working days")]
#[case::the_more_special_wherever_it_stands(
    "[[M]]speed_class = [\"urgent\"]\nchannel = [\"phone\"]|[[M]]category = [\"noise\"]", &["all", "p2", "p1"], "11 working days"
)]
#[case::all_four(
    "[[M]]category = [\"noise\"]\nkind = [\"report\"]\nchannel = [\"phone\", \"web\"]\nspeed_class = [\"urgent\"]|[[M]]category = [\"noise\"]\nkind = [\"report\"]\nchannel = [\"phone\"]",
    &["all", "p2", "p1"], "11 working days"
)]
#[case::every_property_must_fit("[[M]]category = [\"noise\"]\nkind = [\"suggestion\"]", &["all"], "2 working days")]
fn the_more_special_policy_lies_on_top(#[case] matches: &str, #[case] codes: &[&str], #[case] limit: &str) {
    let more: String = matches
        .split('|')
        .filter(|text| !text.is_empty())
        .zip(1..)
        .map(|(text, n)| {
            let says = text.replace("[[M]]", "[policy.match]\n");
            policy(&format!("p{n}"), &format!("{says}\n[policy.limits]\nco_handling = \"{} working days\"", 10 + n))
        })
        .collect();
    let rules = rules(&more, &CASE);
    assert_eq!(rules.policies, codes);
    assert_eq!(rules.limits.of(ClockPurpose::CoHandling).unwrap().to_string(), limit);
    // What the special ones do not say holds from the general one.
    assert_eq!(rules.limits.ceiling, Some(Limit::WorkingDays(30)));
    assert_eq!((rules.start, rules.extension.days, rules.pauses.len()), (StartEvent::Confirmed, 30, 1));
}

#[test]
fn what_a_case_lacks_fits_no_list() {
    let more =
        policy("p1", "[policy.match]\ncategory = [\"noise\"]\n[policy.limits]\nco_handling = \"5 working days\"");
    let unknown = Subject { category: None, ..CASE };
    assert_eq!(rules(&more, &unknown).policies, ["all"]);
    let unclassed = Subject { speed_class: None, ..CASE };
    let more = policy("p1", "[policy.match]\nspeed_class = [\"urgent\"]");
    assert_eq!(rules(&more, &unclassed).policies, ["all"]);
}

#[test]
fn the_reply_has_the_classs_limit_unless_a_policy_says_another_and_the_basis_reads_both() {
    let reply = |more: &str| rules(more, &CASE).reply_limit().to_string();
    assert_eq!(reply(""), "3 working days");
    assert_eq!(reply(&policy("p1", "[policy.limits]\nreply = \"4 office hours\"")), "4 office hours");
    let calendar = policy("p1", "basis = \"calendar\"");
    assert_eq!(reply(&calendar), "3 days");
    let with = rules(&calendar, &CASE);
    assert_eq!(with.limits.ceiling, Some(Limit::CalendarDays(30)));
    // Stages keep the basis they are written on, and hours know none.
    assert_eq!(with.limits.of(ClockPurpose::CoHandling), Some(Limit::WorkingDays(2)));
    let hours = policy("p1", "basis = \"calendar\"\n[policy.limits]\nreply = \"4 office hours\"");
    assert_eq!(reply(&hours), "4 office hours");
    let back = format!("{calendar}{}", policy("p2", "basis = \"working\"\n[policy.match]\nspeed_class = [\"urgent\"]"));
    assert_eq!(reply(&back), "3 working days");
}

#[test]
fn lists_that_are_given_replace_and_lists_that_are_not_stay() {
    let warned = "[[policy.warning]]\nclocks = [\"reply\"]\nwhen = \"on the last day\"\nto = [\"head\"]";
    let of = |more: &str| rules(more, &CASE).warnings.iter().map(|w| w.when).collect::<Vec<_>>();
    assert_eq!(of(""), [When::Before(2)]);
    assert_eq!(of(&policy("p1", warned)), [When::OnDay]);
    assert_eq!(of(&policy("p1", "warning = []")), []);
    assert_eq!(of(&policy("p1", "start = \"assigned\"")), [When::Before(2)]);
    assert_eq!(rules(&policy("p1", "start = \"assigned\""), &CASE).start, StartEvent::Assigned);
    let ladder = rules("", &CASE);
    let ranks = [(1, Some(Role::Supervisor)), (7, Some(Role::Supervisor)), (8, Some(Role::Manager)), (31, None)];
    assert!(ranks.iter().all(|(days, rank)| ladder.rank_for(*days) == *rank));
}

#[rstest]
#[case::day("from = \"2026-01-01\"", "from = \"2026-13-01\"", "from must be a day")]
#[case::code("code = \"all\"", "code = \"All cases\"", "\"All cases\" must be lower case")]
#[case::names("name_zh = \"一般\"", "name_zh = \" \"", "name_zh and name_en of all")]
#[case::over_the_ceiling(
    "ceiling = \"30 working days\"",
    "ceiling = \"31 days\"",
    "the ceiling limit (31 days) is over the ceiling of 30 days"
)]
#[case::a_stage_over_it("co_handling = \"2 working days\"", "acceptance = \"45 working days\"", "the acceptance limit")]
#[case::hours_over_it(
    "co_handling = \"2 working days\"",
    "reply = \"721 office hours\"",
    "the reply limit (721 office hours)"
)]
#[case::a_date("co_handling = \"2 working days\"", "reply = \"by 2026-10-01\"", "not a date")]
#[case::no_limit("co_handling = \"2 working days\"", "reply = \"2 weeks\"", "\"2 weeks\" is not a limit")]
#[case::ladder_falls("{ days = 30, rank", "{ days = 7, rank", "the ladder's days must rise")]
#[case::ladder_short("days = 30\n", "days = 31\n", "nobody on the ladder may grant the 31 days")]
#[case::rank("rank = \"manager\"", "rank = \"handler\"", "handler cannot grant extensions")]
#[case::no_supplement("code = \"supplement\"", "code = \"other\"", "with the code supplement")]
#[case::nobody_warned("to = [\"handler\"]", "to = []", "must name clocks and recipients")]
#[case::no_time("when = \"2 working days before\"", "when = \"soon\"", "\"soon\" is no time of a warning")]
#[case::unknown_clock("clocks = [\"reply\"]", "clocks = [\"repply\"]", "unknown variant `repply`")]
fn an_unsound_document_is_refused_by_name(#[case] old: &str, #[case] new: &str, #[case] why: &str) {
    let text = document("");
    assert!(text.contains(old));
    let text = text.replacen(old, new, 1);
    let said = match parse(&text) {
        Ok(policies) => policies.check(KNOWN, 30).unwrap_err().to_string(),
        Err(unread) => unread.to_string(),
    };
    assert!(said.contains(why), "{said}");
}

#[rstest]
#[case::category("[policy.match]\ncategory = [\"weather\"]", "policy p1: there is no category weather")]
#[case::class("[policy.match]\nspeed_class = [\"slow\"]", "policy p1: there is no speed class slow")]
#[case::pause_twice(
    "[[policy.pause]]\ncode = \"a\"\nname_zh = \"a\"\nname_en = \"a\"\nstops = true\n[[policy.pause]]\ncode = \"a\"\nname_zh = \"a\"\nname_en = \"a\"\nstops = true",
    "the pause reason a stands twice"
)]
#[case::warning_twice(
    "[[policy.warning]]\nclocks = [\"reply\", \"ceiling\"]\nwhen = \"on the last day\"\nto = [\"head\"]\n[[policy.warning]]\nclocks = [\"ceiling\"]\nwhen = \"on the last day\"\nto = [\"handler\"]",
    "the warning \"on the last day\" of the clock ceiling stands twice"
)]
fn an_unsound_special_policy_is_refused_by_name(#[case] says: &str, #[case] why: &str) {
    let text = document(&policy("p1", says));
    let fault = parse(&text).unwrap().check(KNOWN, 30).unwrap_err();
    assert_eq!(fault.policy.as_deref(), Some("p1"));
    assert!(fault.to_string().contains(why), "{fault}");
}

#[test]
fn one_policy_for_every_case_is_needed_and_no_code_twice() {
    let special = policy("p1", "[policy.match]\nkind = [\"report\"]");
    let only = format!("from = \"2026-01-01\"\n{special}");
    let said = |text: &str| parse(text).unwrap().check(KNOWN, 30).unwrap_err().to_string();
    assert!(said(&only).contains("one policy must be for every case"));
    assert!(
        said(&document(&format!("{special}{special}"))).contains("policy p1: a policy with this code stands twice")
    );
    let bare = format!("from = \"2026-01-01\"\n{}", policy("all", ""));
    assert!(said(&bare).contains("[policy.extension]"));
    // A later one for every case takes the reasons to wait away.
    assert!(said(&document(&policy("p1", "pause = []"))).contains("with the code supplement"));
    assert!(parse("from = \"2026-01-01\"\npolicy = []").unwrap().check(KNOWN, 30).is_err());
}

#[test]
fn a_key_that_is_unknown_is_refused_with_its_line() {
    for (more, line, word) in [
        (policy("p1", "statr = \"confirmed\""), 4, "statr"),
        (policy("p1", "[policy.limits]\nreplay = \"3 days\""), 5, "replay"),
        (policy("p1", "[policy.match]\nunit = [\"north\"]"), 5, "unit"),
        (policy("p1", "[[policy.warning]]\nclock = [\"reply\"]"), 5, "clock"),
    ] {
        let text = document(&more);
        let at = text.lines().count() - more.lines().count() + line + 1;
        let unread = parse(&text).unwrap_err();
        assert!(unread.sentence.contains(&format!("`{word}`")), "{unread}");
        assert_eq!(unread.line, Some(at), "{unread}");
    }
}

#[test]
fn a_document_goes_there_and_back() {
    let special = policy(
        "p1",
        "basis = \"calendar\"\ntell_moved = false\n[policy.match]\nkind = [\"report\"]\n[policy.limits]\nreply = \"90 office minutes\"",
    );
    for text in [SAMPLE.to_owned(), document(""), document(&special)] {
        let policies = parse(&text).unwrap();
        let written = write(&policies).unwrap();
        assert_eq!(parse(&written).unwrap(), policies, "{written}");
        assert!(!written.contains("[]"), "what is not said is not written: {written}");
        let json = serde_json::to_string(&policies).unwrap();
        assert_eq!(serde_json::from_str::<Policies>(&json).unwrap(), policies);
    }
}
