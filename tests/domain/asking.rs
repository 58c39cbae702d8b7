//! The states a case waits in, and the ladder by rank: which verb leads where, who may, each rule with its source.

use chenqing::domain::case::{Kind, State, Verb, after, resting};
use chenqing::domain::policy::Rules;
use chenqing::domain::rights::{CaseRights, may, may_see, may_see_identity, outranks, rank_in};
use chenqing::domain::staff::{Role, Staff};
use chenqing::domain::units::{Unit, Units};

#[test]
fn what_waits_may_do_some_things_and_not_others() {
    use State as S;
    use Verb as V;
    let waiting = [S::AwaitingPetitioner, S::Consulting];
    for (verb, from, to) in [
        // Administrative Procedure Act 171: what is unclear is asked for.
        (V::AskSupplement, S::InProgress, Some(S::AwaitingPetitioner)),
        (V::AskSupplement, S::Consulting, Some(S::AwaitingPetitioner)),
        (V::AskSupplement, S::AwaitingPetitioner, None),
        (V::AskSupplement, S::InReview, None),
        (V::AskSupplement, S::Replied, None),
        (V::SupplementGiven, S::AwaitingPetitioner, Some(S::InProgress)),
        (V::SupplementGiven, S::InProgress, None),
        (V::SupplementGiven, S::Closed, None),
        (V::SupplementMissing, S::AwaitingPetitioner, Some(S::Closed)),
        (V::SupplementMissing, S::InProgress, None),
        // 會辦.
        (V::Consult, S::InProgress, Some(S::Consulting)),
        (V::Consult, S::Consulting, Some(S::Consulting)),
        (V::Consult, S::AwaitingPetitioner, Some(S::AwaitingPetitioner)),
        (V::Consult, S::Assigned, None),
        (V::AnswerConsultation, S::Consulting, Some(S::Consulting)),
        (V::AnswerConsultation, S::InReview, None),
        (V::WithdrawConsultation, S::InProgress, None),
        (V::Wait, S::InProgress, Some(S::InProgress)),
        (V::Wait, S::InReview, None),
        (V::EndWait, S::Consulting, Some(S::Consulting)),
        // 展期 is asked for and decided while the case is open.
        (V::AskExtension, S::Received, None),
        (V::AskExtension, S::InReview, Some(S::InReview)),
        (V::DeclineExtension, S::Consulting, Some(S::Consulting)),
        (V::AskExtension, S::Closed, None),
        (V::Extend, S::AwaitingPetitioner, Some(S::AwaitingPetitioner)),
    ] {
        assert_eq!(after(from, verb).ok(), to, "{verb} from {from}");
    }
    for state in waiting {
        for verb in [V::Draft, V::Assign, V::Take, V::Classify, V::Note, V::Rate] {
            assert_eq!(after(state, verb).ok(), Some(state), "{verb} while {state}");
        }
        for verb in [V::SubmitReply, V::ReturnReply, V::ApproveByEmail, V::MarkPosted, V::Reopen, V::Close] {
            assert!(after(state, verb).is_err(), "{verb} while {state}");
        }
        // Every case that is not finished can end without a reply.
        for verb in [V::Transfer, V::NoAction, V::Withdraw] {
            assert_eq!(after(state, verb).ok(), Some(S::Closed), "{verb} while {state}");
        }
        assert!(!state.is_finished());
    }
}

#[test]
fn the_petitioner_is_waited_for_before_the_units() {
    assert_eq!(resting(true, true, true), State::AwaitingPetitioner);
    assert_eq!(resting(true, false, false), State::AwaitingPetitioner);
    assert_eq!(resting(false, true, false), State::Consulting);
    assert_eq!(resting(false, false, true), State::InProgress);
    assert_eq!(resting(false, false, false), State::Assigned);
}

/// Headquarters (1) with two divisions (2, 3), the first with a section (4).
fn units() -> Units {
    let unit = |id, parent_id| Unit {
        id,
        code: format!("u{id}"),
        parent_id,
        name_zh: String::new(),
        name_en: String::new(),
        phone: String::new(),
        active: true,
        region: String::new(),
    };
    Units::new(vec![unit(1, None), unit(2, Some(1)), unit(3, Some(1)), unit(4, Some(2))])
}

fn staff(id: i64, unit_id: i64, role: Role) -> Staff {
    Staff {
        id,
        username: String::new(),
        name: String::new(),
        unit_id,
        roles: vec![role],
        email: String::new(),
        phone: String::new(),
        must_change_password: false,
    }
}

/// A case of division 2 in the hands of person 7; division 3 was asked for its part.
fn case(open: bool) -> CaseRights {
    CaseRights {
        unit_id: Some(2),
        handler_id: Some(7),
        author_id: None,
        respondent_unit_id: None,
        respondent_staff_id: None,
        kind: Kind::Suggestion,
        confidential: false,
        consulted: vec![(3, open)],
        deputy_id: None,
    }
}

#[test]
fn a_unit_that_was_asked_sees_the_matter_and_never_the_person() {
    let units = units();
    for role in [Role::Handler, Role::Supervisor] {
        let asked = staff(9, 3, role);
        for open in [true, false] {
            assert!(may_see(&asked, &case(open), &units));
            assert_eq!(may_see_identity(&asked, &case(open), &units), None);
            assert_eq!(may(&asked, Verb::AnswerConsultation, &case(open), &units).is_ok(), open);
        }
        for verb in [Verb::Note, Verb::Draft, Verb::Consult, Verb::Extend, Verb::AskSupplement, Verb::Assign] {
            assert!(may(&asked, verb, &case(true), &units).is_err(), "{verb}");
        }
        // Another division, and the lead unit's own section, were not asked.
        assert!(may(&staff(9, 4, role), Verb::AnswerConsultation, &case(true), &units).is_err());
        let not_asked = CaseRights { consulted: Vec::new(), ..case(true) };
        assert!(!may_see(&asked, &not_asked, &units));
        // The person complained of never sees it, asked or not.
        let complained = CaseRights { respondent_staff_id: Some(9), ..case(true) };
        assert!(!may_see(&asked, &complained, &units));
    }
}

#[test]
fn ranks_stand_one_above_the_other() {
    let units = units();
    // 分層負責: supervisor in reach, control officer, management.
    for (who, rank) in [
        (staff(1, 2, Role::Supervisor), Some(Role::Supervisor)),
        (staff(1, 1, Role::Supervisor), Some(Role::Supervisor)),
        (staff(1, 3, Role::Supervisor), None),
        (staff(1, 4, Role::Supervisor), None),
        (staff(1, 3, Role::ControlOfficer), Some(Role::ControlOfficer)),
        (staff(1, 3, Role::Manager), Some(Role::Manager)),
        (staff(7, 2, Role::Handler), None),
        (staff(1, 1, Role::Registrar), None),
    ] {
        assert_eq!(rank_in(&who, &case(true), &units), rank, "{who:?}");
    }
    let ladder = [Role::Supervisor, Role::ControlOfficer, Role::Manager];
    for (at, rank) in ladder.iter().enumerate() {
        for (needed_at, needed) in ladder.iter().enumerate() {
            assert_eq!(outranks(*rank, *needed), at >= needed_at);
        }
    }
    assert!(!outranks(Role::Registrar, Role::Supervisor) && !outranks(Role::Administrator, Role::Handler));
}

#[test]
fn the_sample_ladder_reaches_seven_fifteen_and_thirty_days() {
    let policies: chenqing::domain::policy::Policies =
        toml::from_str(include_str!("../../config/agency/policies.toml")).unwrap();
    let subject = chenqing::domain::policy::Subject {
        category: None,
        kind: Kind::Suggestion,
        channel: chenqing::domain::case::Channel::Web,
        speed_class: Some("normal"),
    };
    let rules: Rules = policies.rules(&subject, chenqing::domain::limit::Limit::WorkingDays(6));
    for (days, rank) in [
        (1, Some(Role::Supervisor)),
        (7, Some(Role::Supervisor)),
        (8, Some(Role::ControlOfficer)),
        (15, Some(Role::ControlOfficer)),
        (16, Some(Role::Manager)),
        (30, Some(Role::Manager)),
        (31, None),
    ] {
        assert_eq!(rules.rank_for(days), rank, "{days} working days");
    }
}
