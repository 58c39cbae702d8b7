//! The tables as diesel sees them. Kept in step with `migrations/` by a test that compares the two.
#![allow(missing_docs, reason = "the columns are described where they are created, in migrations/")]

use diesel::table;

table! {
    installation (key) {
        key -> Text,
        value -> Text,
    }
}

table! {
    units (id) {
        id -> BigInt,
        code -> Text,
        parent_id -> Nullable<BigInt>,
        path -> Text,
        name_zh -> Text,
        name_en -> Text,
        phone -> Text,
        sort -> BigInt,
        active -> Bool,
        region -> Text,
    }
}

table! {
    mailboxes (id) {
        id -> BigInt,
        address -> Text,
        name_zh -> Text,
        name_en -> Text,
        root_unit_id -> BigInt,
        registry_unit_id -> BigInt,
        active -> Bool,
    }
}

table! {
    categories (code) {
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        unit_id -> Nullable<BigInt>,
        sort -> BigInt,
        active -> Bool,
        parent -> Nullable<Text>,
    }
}

table! {
    speed_classes (code) {
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        time_limit -> Text,
        sort -> BigInt,
        active -> Bool,
    }
}

table! {
    calendar_versions (id) {
        id -> BigInt,
        created_at -> BigInt,
        note -> Text,
        active -> Bool,
    }
}

table! {
    calendar_years (version_id, year) {
        version_id -> BigInt,
        year -> Integer,
    }
}

table! {
    calendar_days (version_id, day) {
        version_id -> BigInt,
        day -> Integer,
        day_off -> Bool,
        note -> Text,
    }
}

table! {
    staff (id) {
        id -> BigInt,
        username -> Text,
        name -> Text,
        unit_id -> BigInt,
        roles -> Text,
        email -> Text,
        phone -> Text,
        password_hash -> Text,
        must_change_password -> Bool,
        failed_logins -> BigInt,
        locked_until -> Nullable<BigInt>,
        last_login_at -> Nullable<BigInt>,
        active -> Bool,
        created_at -> BigInt,
    }
}

table! {
    password_history (id) {
        id -> BigInt,
        staff_id -> BigInt,
        password_hash -> Text,
        at -> BigInt,
    }
}

table! {
    sessions (digest) {
        digest -> Text,
        staff_id -> BigInt,
        csrf -> Text,
        created_at -> BigInt,
        seen_at -> BigInt,
        expires_at -> BigInt,
    }
}

table! {
    parties (id) {
        id -> BigInt,
        name_sealed -> Nullable<Binary>,
        email_sealed -> Nullable<Binary>,
        phone_sealed -> Nullable<Binary>,
        address_sealed -> Nullable<Binary>,
        name_index -> Nullable<Text>,
        email_index -> Nullable<Text>,
        phone_index -> Nullable<Text>,
        created_at -> BigInt,
        erased_at -> Nullable<BigInt>,
    }
}

table! {
    texts (id) {
        id -> BigInt,
        body -> Text,
    }
}

table! {
    submissions (id) {
        id -> BigInt,
        state -> Text,
        version -> BigInt,
        channel -> Text,
        locale -> Text,
        party_id -> BigInt,
        subject -> Text,
        text_id -> BigInt,
        kind -> Text,
        category -> Nullable<Text>,
        place -> Text,
        confidential -> Bool,
        reply_by -> Text,
        nonce -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        reminded_at -> Nullable<BigInt>,
        mails_sent -> BigInt,
        last_mail_at -> BigInt,
        case_id -> Nullable<BigInt>,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<BigInt>,
        decision_reason -> Text,
    }
}

table! {
    submission_counts (month, state) {
        month -> Integer,
        state -> Text,
        number -> BigInt,
    }
}

table! {
    cases (id) {
        id -> BigInt,
        number -> Nullable<Text>,
        code_digest -> Nullable<Text>,
        version -> BigInt,
        state -> Text,
        channel -> Text,
        kind -> Text,
        category -> Nullable<Text>,
        speed_class -> Nullable<Text>,
        confidential -> Bool,
        unit_id -> Nullable<BigInt>,
        handler_id -> Nullable<BigInt>,
        party_id -> BigInt,
        subject -> Text,
        text_id -> BigInt,
        place -> Text,
        locale -> Text,
        reply_by -> Text,
        submission_id -> Nullable<BigInt>,
        round -> Integer,
        received_at -> BigInt,
        received_month -> Integer,
        registered_at -> Nullable<BigInt>,
        assigned_at -> Nullable<BigInt>,
        replied_at -> Nullable<BigInt>,
        finished_at -> Nullable<BigInt>,
        closed_at -> Nullable<BigInt>,
        close_code -> Nullable<Text>,
        original_due_at -> Nullable<BigInt>,
        due_at -> Nullable<BigInt>,
        extended -> Bool,
        rating_until -> Nullable<BigInt>,
    }
}

table! {
    case_references (case_id) {
        case_id -> BigInt,
        incoming_ref -> Nullable<Text>,
        referring_agency -> Nullable<Text>,
        referring_due_at -> Nullable<BigInt>,
        document_in -> Nullable<Text>,
        document_out -> Nullable<Text>,
        transferred_to -> Nullable<Text>,
        respondent_unit_id -> Nullable<BigInt>,
        respondent_staff_id -> Nullable<BigInt>,
    }
}

table! {
    case_rounds (id) {
        id -> BigInt,
        case_id -> BigInt,
        round -> Integer,
        opened_at -> BigInt,
        opened_month -> Integer,
        finished_at -> Nullable<BigInt>,
        finished_month -> Nullable<Integer>,
        close_code -> Nullable<Text>,
        original_due_at -> Nullable<BigInt>,
        due_at -> Nullable<BigInt>,
        half_days -> Nullable<BigInt>,
        registered_at -> Nullable<BigInt>,
        assigned_at -> Nullable<BigInt>,
        accepted_at -> Nullable<BigInt>,
        moves -> Integer,
        counted_at -> BigInt,
        asked -> Bool,
        rated_at -> Nullable<BigInt>,
    }
}

table! {
    case_facts (id) {
        id -> BigInt,
        case_id -> BigInt,
        from_at -> BigInt,
        to_at -> Nullable<BigInt>,
        channel -> Text,
        kind -> Text,
        category -> Nullable<Text>,
        unit_id -> Nullable<BigInt>,
        speed_class -> Nullable<Text>,
    }
}

table! {
    clocks (id) {
        id -> BigInt,
        case_id -> BigInt,
        round -> Integer,
        purpose -> Text,
        unit_id -> Nullable<BigInt>,
        region -> Text,
        policy_id -> Nullable<BigInt>,
        start_at -> BigInt,
        time_limit -> Text,
        original_due_at -> BigInt,
        due_at -> BigInt,
        calendar_version -> BigInt,
        next_check_at -> Nullable<BigInt>,
        finished_at -> Nullable<BigInt>,
        holder_unit_id -> Nullable<BigInt>,
    }
}

table! {
    pauses (id) {
        id -> BigInt,
        case_id -> BigInt,
        round -> Integer,
        reason -> Text,
        note -> Text,
        from_at -> BigInt,
        to_at -> Nullable<BigInt>,
        stops -> Bool,
        staff_id -> Nullable<BigInt>,
        ended_by -> Nullable<BigInt>,
    }
}

table! {
    extensions (id) {
        id -> BigInt,
        clock_id -> BigInt,
        old_due_at -> BigInt,
        new_due_at -> BigInt,
        reason -> Text,
        staff_id -> BigInt,
        at -> BigInt,
        working_days -> Integer,
    }
}

table! {
    notices (clock_id, kind, due_at) {
        clock_id -> BigInt,
        kind -> Text,
        due_at -> BigInt,
        at -> BigInt,
    }
}

table! {
    notes (id) {
        id -> BigInt,
        case_id -> BigInt,
        staff_id -> BigInt,
        text_id -> BigInt,
        at -> BigInt,
    }
}

table! {
    replies (id) {
        id -> BigInt,
        case_id -> BigInt,
        round -> Integer,
        version -> BigInt,
        state -> Text,
        text_id -> BigInt,
        legal_basis -> Text,
        author_id -> BigInt,
        approver_id -> Nullable<BigInt>,
        created_at -> BigInt,
        updated_at -> BigInt,
        submitted_at -> Nullable<BigInt>,
        decided_at -> Nullable<BigInt>,
        return_reason -> Text,
        nonce -> Text,
        rating_until -> Nullable<BigInt>,
        posted_on -> Nullable<Integer>,
        way -> Nullable<Text>,
    }
}

table! {
    reply_records (reply_id) {
        reply_id -> BigInt,
        how -> Text,
        told_on -> Integer,
        staff_id -> BigInt,
        text_id -> BigInt,
        at -> BigInt,
    }
}

table! {
    ratings (id) {
        id -> BigInt,
        case_id -> BigInt,
        reply_id -> BigInt,
        result -> Integer,
        clarity -> Integer,
        speed -> Integer,
        attitude -> Integer,
        overall -> Integer,
        comment -> Text,
        may_call -> Bool,
        created_at -> BigInt,
        created_month -> Integer,
        updated_at -> BigInt,
        changes -> BigInt,
    }
}

table! {
    review_tasks (id) {
        id -> BigInt,
        case_id -> BigInt,
        reply_id -> BigInt,
        rating_id -> BigInt,
        state -> Text,
        unit_id -> Nullable<BigInt>,
        handler_id -> Nullable<BigInt>,
        approver_id -> Nullable<BigInt>,
        opened_at -> BigInt,
        decided_at -> Nullable<BigInt>,
        decided_by -> Nullable<BigInt>,
        reason -> Text,
    }
}

table! {
    identity_views (id) {
        id -> BigInt,
        case_id -> BigInt,
        staff_id -> BigInt,
        at -> BigInt,
        reason -> Text,
    }
}

table! {
    blobs (sha256) {
        sha256 -> Text,
        size -> BigInt,
        created_at -> BigInt,
        leased_until -> BigInt,
        gone_at -> Nullable<BigInt>,
    }
}

table! {
    attachments (id) {
        id -> BigInt,
        sha256 -> Text,
        name -> Text,
        media_type -> Text,
        size -> BigInt,
        submission_id -> Nullable<BigInt>,
        case_id -> Nullable<BigInt>,
        reply_id -> Nullable<BigInt>,
        created_at -> BigInt,
        supplement_id -> Nullable<BigInt>,
        message_id -> Nullable<BigInt>,
        letter_id -> Nullable<BigInt>,
        content_id -> Nullable<Text>,
    }
}

table! {
    saved_reports (id) {
        id -> BigInt,
        name -> Text,
        owner_id -> BigInt,
        shared -> Bool,
        terms -> Text,
        schedule -> Text,
        next_run_at -> Nullable<BigInt>,
        version -> BigInt,
        created_at -> BigInt,
        changed_at -> BigInt,
    }
}

table! {
    saved_report_recipients (report_id, staff_id) {
        report_id -> BigInt,
        staff_id -> BigInt,
        locale -> Text,
    }
}

table! {
    saved_report_runs (id) {
        id -> BigInt,
        report_id -> BigInt,
        due_at -> BigInt,
        staff_id -> Nullable<BigInt>,
        ran_at -> BigInt,
        outcome -> Text,
        letters -> BigInt,
    }
}

table! {
    events (id) {
        id -> BigInt,
        case_id -> BigInt,
        seq -> BigInt,
        at -> BigInt,
        act -> Text,
        actor -> Text,
        staff_id -> Nullable<BigInt>,
        facts -> Text,
        previous -> Text,
        hash -> Text,
    }
}

table! {
    seals (id) {
        id -> BigInt,
        at -> BigInt,
        case_id -> BigInt,
        seq -> BigInt,
        hash -> Text,
        previous -> Text,
        seal -> Text,
    }
}

table! {
    work (kind, case_id) {
        kind -> Text,
        case_id -> BigInt,
        generation -> BigInt,
    }
}

table! {
    letters (id) {
        id -> BigInt,
        kind -> Text,
        case_id -> Nullable<BigInt>,
        submission_id -> Nullable<BigInt>,
        reply_id -> Nullable<BigInt>,
        party_id -> Nullable<BigInt>,
        staff_id -> Nullable<BigInt>,
        locale -> Text,
        data -> Text,
        link -> Nullable<Text>,
        secret_sealed -> Nullable<Binary>,
        state -> Text,
        attempts -> BigInt,
        next_try_at -> Nullable<BigInt>,
        claim -> Nullable<Text>,
        message_id -> Nullable<Text>,
        frozen_sealed -> Nullable<Binary>,
        created_at -> BigInt,
        sent_at -> Nullable<BigInt>,
        error -> Nullable<Text>,
        to_sealed -> Nullable<Binary>,
        tried_from -> Nullable<BigInt>,
    }
}

table! {
    idempotency (scope, key) {
        scope -> Text,
        key -> Text,
        body_digest -> Text,
        result -> Text,
        created_at -> BigInt,
    }
}

table! {
    leases (name) {
        name -> Text,
        holder -> Text,
        epoch -> BigInt,
        until -> BigInt,
        last_started_at -> Nullable<BigInt>,
        last_finished_at -> Nullable<BigInt>,
        last_result -> Text,
    }
}

table! {
    counters (name) {
        name -> Text,
        value -> BigInt,
    }
}

table! {
    attempts (scope, key) {
        scope -> Text,
        key -> Text,
        window_start -> BigInt,
        number -> BigInt,
    }
}

table! {
    year_packages (year) {
        year -> Integer,
        made_at -> BigInt,
        figures -> Text,
        sha256 -> Nullable<Text>,
    }
}

table! {
    closures (id) {
        id -> BigInt,
        region -> Text,
        day -> Integer,
        from_minute -> Integer,
        to_minute -> Integer,
        reason -> Text,
        calendar_version -> BigInt,
        entered_by -> Nullable<BigInt>,
        entered_at -> BigInt,
        revoked_by -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

table! {
    policies (id) {
        id -> BigInt,
        from_day -> Integer,
        source -> Text,
        rules -> Text,
        note -> Text,
        created_by -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

table! {
    calendar_moves (id) {
        id -> BigInt,
        case_id -> BigInt,
        clock_id -> BigInt,
        calendar_version -> BigInt,
        old_original_due_at -> BigInt,
        old_due_at -> BigInt,
        new_original_due_at -> BigInt,
        new_due_at -> BigInt,
        state -> Text,
        at -> BigInt,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<BigInt>,
        told -> Bool,
    }
}

table! {
    extension_requests (id) {
        id -> BigInt,
        case_id -> BigInt,
        clock_id -> BigInt,
        until_day -> Integer,
        rank -> Text,
        reason -> Text,
        asked_by -> BigInt,
        asked_at -> BigInt,
        state -> Text,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<BigInt>,
        decision_reason -> Text,
    }
}

table! {
    consultations (id) {
        id -> BigInt,
        case_id -> BigInt,
        round -> Integer,
        unit_id -> BigInt,
        clock_id -> BigInt,
        question_id -> BigInt,
        asked_by -> BigInt,
        asked_at -> BigInt,
        state -> Text,
        answer_id -> Nullable<BigInt>,
        answered_by -> Nullable<BigInt>,
        answered_at -> Nullable<BigInt>,
    }
}

table! {
    supplements (id) {
        id -> BigInt,
        case_id -> BigInt,
        round -> Integer,
        clock_id -> BigInt,
        pause_id -> BigInt,
        question_id -> BigInt,
        asked_by -> BigInt,
        asked_at -> BigInt,
        state -> Text,
        answer_id -> Nullable<BigInt>,
        answered_at -> Nullable<BigInt>,
    }
}

table! {
    absences (id) {
        id -> BigInt,
        staff_id -> BigInt,
        from_day -> Integer,
        to_day -> Integer,
        deputy_id -> Nullable<BigInt>,
        entered_by -> BigInt,
        entered_at -> BigInt,
    }
}

table! {
    warnings (id) {
        id -> BigInt,
        staff_id -> BigInt,
        case_id -> BigInt,
        clock_id -> BigInt,
        kind -> Text,
        due_at -> BigInt,
        at -> BigInt,
        told_at -> Nullable<BigInt>,
        for_id -> Nullable<BigInt>,
    }
}

table! {
    gathered (kind, staff_id, day) {
        kind -> Text,
        staff_id -> BigInt,
        day -> Integer,
        at -> BigInt,
    }
}

table! {
    reminders (id) {
        id -> BigInt,
        case_id -> BigInt,
        clock_id -> BigInt,
        note -> Text,
        asked_by -> BigInt,
        asked_at -> BigInt,
        explain_by -> Integer,
        explanation -> Text,
        explained_by -> Nullable<BigInt>,
        explained_at -> Nullable<BigInt>,
    }
}

table! {
    fetch_states (mailbox) {
        mailbox -> Text,
        place -> Text,
        uid_validity -> BigInt,
        last_uid -> BigInt,
        fetched -> BigInt,
        too_large -> BigInt,
        too_large_told -> BigInt,
        since -> BigInt,
        last_success_at -> Nullable<BigInt>,
        last_error_at -> Nullable<BigInt>,
        last_error -> Text,
        told_at -> Nullable<BigInt>,
    }
}

table! {
    mailbox_tokens (mailbox) {
        mailbox -> Text,
        configured -> Text,
        refresh_sealed -> Binary,
        given_at -> BigInt,
    }
}

table! {
    learned_ids (header_id) {
        header_id -> Text,
        letter_id -> Nullable<BigInt>,
        case_id -> Nullable<BigInt>,
        submission_id -> Nullable<BigInt>,
        learned_at -> BigInt,
    }
}

table! {
    messages (id) {
        id -> BigInt,
        sha256 -> Text,
        size -> BigInt,
        stored_at -> BigInt,
        version -> BigInt,
        state -> Text,
        decision -> Nullable<Text>,
        reasons -> Text,
        from_sealed -> Nullable<Binary>,
        subject_sealed -> Nullable<Binary>,
        from_index -> Nullable<Text>,
        header_id -> Nullable<Text>,
        submission_id -> Nullable<BigInt>,
        case_id -> Nullable<BigInt>,
        letter_id -> Nullable<BigInt>,
        text_id -> Nullable<BigInt>,
        suggested_case_id -> Nullable<BigInt>,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<BigInt>,
        decision_reason -> Text,
        processed_at -> Nullable<BigInt>,
        attempts -> BigInt,
        next_try_at -> Nullable<BigInt>,
        error -> Nullable<Text>,
        left_out -> Text,
        erased_at -> Nullable<BigInt>,
    }
}

table! {
    receipts (id) {
        id -> BigInt,
        message_id -> BigInt,
        source -> Text,
        reference -> Text,
        at -> BigInt,
    }
}

table! {
    message_counts (month, state) {
        month -> Integer,
        state -> Text,
        number -> BigInt,
    }
}

table! {
    message_views (id) {
        id -> BigInt,
        message_id -> BigInt,
        staff_id -> BigInt,
        at -> BigInt,
    }
}

// Only the tables that queries join: every pair named is code to compile, and of all there would be three thousand.
table! {
    excursions (id) {
        id -> BigInt,
        measure -> Text,
        place -> Text,
        code -> Text,
        side -> Text,
        month -> Integer,
        number -> BigInt,
        low -> BigInt,
        high -> BigInt,
        told_at -> BigInt,
        ended_month -> Nullable<Integer>,
    }
}

table! {
    month_folds (month) {
        month -> Integer,
        ends_at -> BigInt,
        version -> BigInt,
        folded_version -> Nullable<BigInt>,
        folded_at -> Nullable<BigInt>,
        figures -> Nullable<Text>,
    }
}

table! {
    round_terms (case_id, round, until_at) {
        case_id -> BigInt,
        round -> Integer,
        until_at -> BigInt,
        original_due_at -> Nullable<BigInt>,
        due_at -> Nullable<BigInt>,
        moves -> Integer,
    }
}

table! {
    measures (id) {
        id -> BigInt,
        year -> Integer,
        category -> Nullable<Text>,
        title -> Text,
        cause -> Text,
        action -> Text,
        unit_id -> BigInt,
        owner_id -> Nullable<BigInt>,
        due_day -> Integer,
        state -> Text,
        version -> BigInt,
        planned_at -> BigInt,
    }
}

table! {
    measure_steps (id) {
        id -> BigInt,
        measure_id -> BigInt,
        state -> Text,
        note -> Text,
        staff_id -> BigInt,
        at -> BigInt,
    }
}

table! {
    measure_cases (measure_id, case_id) {
        measure_id -> BigInt,
        case_id -> BigInt,
    }
}

table! {
    open_data_releases (id) {
        id -> BigInt,
        year -> Integer,
        released_at -> BigInt,
        released_by -> BigInt,
        figures_sha256 -> Text,
        archive -> Binary,
        archive_sha256 -> Text,
        json -> Binary,
        json_sha256 -> Text,
        withdrawn_at -> Nullable<BigInt>,
        withdrawn_by -> Nullable<BigInt>,
        reason -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(cases, case_references, clocks);
diesel::allow_tables_to_appear_in_same_query!(cases, case_rounds, submissions);
diesel::allow_tables_to_appear_in_same_query!(case_rounds, case_facts);
diesel::allow_tables_to_appear_in_same_query!(ratings, case_facts);
diesel::allow_tables_to_appear_in_same_query!(reply_records, replies, texts);
diesel::allow_tables_to_appear_in_same_query!(notes, texts);
diesel::allow_tables_to_appear_in_same_query!(closures, calendar_versions);
diesel::allow_tables_to_appear_in_same_query!(calendar_moves, clocks);
diesel::allow_tables_to_appear_in_same_query!(consultations, clocks);
diesel::allow_tables_to_appear_in_same_query!(consultations, cases);
diesel::allow_tables_to_appear_in_same_query!(extensions, clocks);
diesel::allow_tables_to_appear_in_same_query!(extension_requests, case_references);
diesel::allow_tables_to_appear_in_same_query!(extension_requests, cases);
diesel::allow_tables_to_appear_in_same_query!(blobs, attachments, messages);
diesel::allow_tables_to_appear_in_same_query!(messages, cases);
diesel::allow_tables_to_appear_in_same_query!(messages, submissions);
