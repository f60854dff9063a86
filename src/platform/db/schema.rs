//! The tables as diesel knows them. Written by `make schema` from the migrated database; a test
//! fails when the two differ.

diesel::table! {
    action_step_evidence (id) {
        id -> Uuid,
        step_id -> Uuid,
        kind -> Text,
        body -> Nullable<Text>,
        url -> Nullable<Text>,
        added_by -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    action_step_moves (step_id, version) {
        step_id -> Uuid,
        version -> Int4,
        from_on -> Date,
        to_on -> Date,
        reason -> Text,
        moved_by_firm_id -> Uuid,
        moved_by -> Uuid,
        moved_at -> Timestamptz,
    }
}

diesel::table! {
    action_step_predecessors (step_id, predecessor_id) {
        step_id -> Uuid,
        predecessor_id -> Uuid,
        lag_count -> Int4,
        lag_unit -> Text,
    }
}

diesel::table! {
    action_step_reminders (step_id, due_on, kind) {
        step_id -> Uuid,
        due_on -> Date,
        kind -> Text,
        member_id -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    action_step_states (step_id, version) {
        step_id -> Uuid,
        version -> Int4,
        from_state -> Nullable<Text>,
        to_state -> Text,
        reason -> Nullable<Text>,
        recorded_by_firm_id -> Uuid,
        recorded_by -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    action_steps (id) {
        id -> Uuid,
        partnership_id -> Uuid,
        introduction_id -> Nullable<Uuid>,
        owner_firm_id -> Uuid,
        owner_member_id -> Nullable<Uuid>,
        proposed_by_firm_id -> Uuid,
        state -> Text,
        kind -> Text,
        title -> Text,
        detail -> Nullable<Text>,
        due_on -> Date,
        promised_on -> Nullable<Date>,
        proposed_due_on -> Nullable<Date>,
        proposed_due_reason -> Nullable<Text>,
        reason -> Nullable<Text>,
        done_on -> Nullable<Date>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        version -> Int4,
        channel -> Nullable<Text>,
        topic -> Nullable<Text>,
        follows_id -> Nullable<Uuid>,
        section -> Nullable<Text>,
        cancel_agreed -> Nullable<Bool>,
        length_days -> Int4,
    }
}

diesel::table! {
    agenda_items (id) {
        id -> Uuid,
        partnership_id -> Uuid,
        firm_id -> Uuid,
        meeting_id -> Nullable<Uuid>,
        carried_from_id -> Nullable<Uuid>,
        resolved_in_id -> Nullable<Uuid>,
        topic -> Nullable<Text>,
        title -> Text,
        detail -> Nullable<Text>,
        is_parked -> Bool,
        resolution -> Nullable<Text>,
        resolved_by -> Nullable<Uuid>,
        resolved_at -> Nullable<Timestamptz>,
        created_by -> Uuid,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        version -> Int4,
    }
}

diesel::table! {
    api_clients (id) {
        id -> Uuid,
        firm_id -> Uuid,
        name -> Text,
        secret_digest -> Bytea,
        scopes -> Array<Text>,
        created_by -> Uuid,
        created_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    attempts (subject) {
        subject -> Bytea,
        clears_at -> Timestamptz,
    }
}

diesel::table! {
    audit_entries (seq) {
        seq -> Int8,
        firm_id -> Uuid,
        actor_id -> Nullable<Uuid>,
        action -> Text,
        kind -> Text,
        resource_id -> Nullable<Uuid>,
        partnership_id -> Nullable<Uuid>,
        version -> Nullable<Int4>,
        at -> Timestamptz,
        position -> Nullable<Int8>,
        tag -> Nullable<Bytea>,
    }
}

diesel::table! {
    calendar_feeds (member_id) {
        member_id -> Uuid,
        firm_id -> Uuid,
        secret_digest -> Bytea,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    cascade_moves (cascade_id, step_id) {
        cascade_id -> Uuid,
        step_id -> Uuid,
        place -> Int4,
        from_on -> Date,
        to_on -> Date,
        effect -> Text,
        proposed_before_on -> Nullable<Date>,
        proposed_before_reason -> Nullable<Text>,
    }
}

diesel::table! {
    cascades (id) {
        id -> Uuid,
        partnership_id -> Uuid,
        step_id -> Uuid,
        firm_id -> Uuid,
        reason -> Text,
        made_by -> Uuid,
        created_at -> Timestamptz,
        undone_by -> Nullable<Uuid>,
        undone_at -> Nullable<Timestamptz>,
        version -> Int4,
    }
}

diesel::table! {
    changes (firm_id, xid8, seq) {
        firm_id -> Uuid,
        xid8 -> Int8,
        seq -> Int8,
        kind -> Text,
        resource_id -> Uuid,
        action -> Text,
        version -> Int4,
        partnership_id -> Nullable<Uuid>,
        actor_id -> Nullable<Uuid>,
        at -> Timestamptz,
    }
}

diesel::table! {
    client_external_ids (firm_id, system, external_id) {
        firm_id -> Uuid,
        system -> Text,
        external_id -> Text,
        client_id -> Uuid,
    }
}

diesel::table! {
    clients (id) {
        id -> Uuid,
        firm_id -> Uuid,
        name -> Text,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        phone_e164 -> Nullable<Text>,
        notes -> Nullable<Text>,
        attributes -> Jsonb,
        traits -> Array<Text>,
        distinct_person -> Bool,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        version -> Int4,
        held_at -> Nullable<Timestamptz>,
        held_by -> Nullable<Uuid>,
        hold_reason -> Nullable<Text>,
        erased_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    consents (id) {
        id -> Uuid,
        client_id -> Uuid,
        firm_id -> Uuid,
        partner_firm_id -> Uuid,
        partnership_id -> Uuid,
        given_on -> Date,
        method -> Text,
        scope -> Nullable<Text>,
        ends_on -> Nullable<Date>,
        expires_at -> Nullable<Timestamptz>,
        recorded_by -> Uuid,
        recorded_at -> Timestamptz,
        withdrawn_at -> Nullable<Timestamptz>,
        version -> Int4,
    }
}

diesel::table! {
    contacts (id) {
        id -> Uuid,
        partnership_id -> Uuid,
        by_firm_id -> Uuid,
        to_firm_id -> Uuid,
        member_id -> Nullable<Uuid>,
        name -> Text,
        role -> Text,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        phone_e164 -> Nullable<Text>,
        reasons -> Array<Text>,
        reason_details -> Array<Text>,
        preference -> Int2,
        away_from_on -> Nullable<Date>,
        away_to_on -> Nullable<Date>,
        written_by -> Uuid,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        version -> Int4,
    }
}

diesel::table! {
    contributions (id) {
        id -> Uuid,
        partnership_id -> Uuid,
        by_firm_id -> Uuid,
        to_firm_id -> Uuid,
        kind -> Text,
        words -> Text,
        happened_on -> Date,
        state -> Text,
        reason -> Nullable<Text>,
        recorded_by -> Uuid,
        answered_by -> Nullable<Uuid>,
        answered_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        version -> Int4,
    }
}

diesel::table! {
    devices (id) {
        id -> Uuid,
        member_id -> Uuid,
        token_digest -> Bytea,
        created_at -> Timestamptz,
        last_used_at -> Timestamptz,
    }
}

diesel::table! {
    disclosures (seq) {
        seq -> Int8,
        principal_id -> Uuid,
        client_id -> Uuid,
        consent_id -> Uuid,
        hour -> Timestamptz,
        introduction_id -> Uuid,
        firm_id -> Uuid,
        partner_firm_id -> Uuid,
        disclosed_at -> Timestamptz,
    }
}

diesel::table! {
    firms (id) {
        id -> Uuid,
        name -> Text,
        time_zone -> Text,
        country -> Nullable<Text>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        version -> Int4,
        retention_months -> Nullable<Int4>,
        gift_limit_minor -> Nullable<Int8>,
        gift_limit_currency -> Nullable<Text>,
        closed_at -> Nullable<Timestamptz>,
        closed_reason -> Nullable<Text>,
    }
}

diesel::table! {
    holidays (firm_id, holiday_on) {
        firm_id -> Uuid,
        holiday_on -> Date,
        name -> Text,
    }
}

diesel::table! {
    idempotency_keys (principal_id, operation, key) {
        principal_id -> Uuid,
        operation -> Text,
        key -> Text,
        digest -> Bytea,
        status -> Int4,
        resource_id -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    introduction_external_ids (firm_id, system, external_id) {
        firm_id -> Uuid,
        system -> Text,
        external_id -> Text,
        introduction_id -> Uuid,
    }
}

diesel::table! {
    introduction_stages (introduction_id, version) {
        introduction_id -> Uuid,
        version -> Int4,
        stage -> Text,
        occurred_on -> Date,
        reason -> Nullable<Text>,
        reason_note -> Nullable<Text>,
        recorded_by_firm_id -> Uuid,
        recorded_by -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
        came_from -> Nullable<Text>,
        reported_by_firm_id -> Nullable<Uuid>,
        corrects -> Nullable<Int4>,
        correction_reason -> Nullable<Text>,
    }
}

diesel::table! {
    introductions (id) {
        id -> Uuid,
        partnership_id -> Uuid,
        introducer_firm_id -> Uuid,
        receiver_firm_id -> Uuid,
        client_id -> Uuid,
        reference -> Text,
        stage -> Text,
        summary -> Nullable<Text>,
        expected_minor -> Nullable<Int8>,
        expected_currency -> Nullable<Text>,
        realised_minor -> Nullable<Int8>,
        realised_currency -> Nullable<Text>,
        reason -> Nullable<Text>,
        reason_note -> Nullable<Text>,
        occurred_on -> Nullable<Date>,
        offered_at -> Nullable<Timestamptz>,
        answered_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        version -> Int4,
        previous_id -> Nullable<Uuid>,
        expires_at -> Nullable<Timestamptz>,
        outcome_words -> Nullable<Text>,
        outcome_rating -> Nullable<Int2>,
        outcome_at -> Nullable<Timestamptz>,
        fit -> Nullable<Jsonb>,
        reached -> Nullable<Text>,
        accepted_on -> Nullable<Date>,
        introduced_on -> Nullable<Date>,
        meeting_set_on -> Nullable<Date>,
        met_on -> Nullable<Date>,
        engaged_on -> Nullable<Date>,
        core_story_id -> Nullable<Uuid>,
        fit_band -> Nullable<Text>,
    }
}

diesel::table! {
    invitations (id) {
        id -> Uuid,
        partnership_id -> Uuid,
        email -> Text,
        token_digest -> Bytea,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    jobs (id) {
        id -> Uuid,
        kind -> Text,
        payload -> Jsonb,
        run_at -> Timestamptz,
        attempts -> Int4,
        claimed_until -> Nullable<Timestamptz>,
        last_error -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    mails (id) {
        id -> Uuid,
        recipient -> Text,
        subject -> Text,
        body -> Text,
        created_at -> Timestamptz,
        sent_at -> Nullable<Timestamptz>,
        html -> Text,
    }
}

diesel::table! {
    meeting_notes (meeting_id, firm_id) {
        meeting_id -> Uuid,
        firm_id -> Uuid,
        body -> Nullable<Text>,
        written_by -> Uuid,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        version -> Int4,
    }
}

diesel::table! {
    meeting_outcomes (id) {
        id -> Uuid,
        meeting_id -> Uuid,
        kind -> Text,
        action_step_id -> Nullable<Uuid>,
        introduction_id -> Nullable<Uuid>,
        recorded_by_firm_id -> Uuid,
        recorded_by -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    meeting_series (partnership_id) {
        partnership_id -> Uuid,
        plan_version_id -> Uuid,
        laid_until -> Date,
        laid_at -> Timestamptz,
    }
}

diesel::table! {
    meetings (id) {
        id -> Uuid,
        partnership_id -> Uuid,
        plan_version_id -> Nullable<Uuid>,
        occurrence_on -> Date,
        first_starts_at -> Timestamptz,
        starts_at -> Timestamptz,
        time_zone -> Text,
        length_minutes -> Int2,
        state -> Text,
        moved_reason -> Nullable<Text>,
        skipped_reason -> Nullable<Text>,
        held_at -> Nullable<Timestamptz>,
        attended_by_proposer -> Array<Uuid>,
        attended_by_recipient -> Array<Uuid>,
        topics -> Array<Text>,
        minutes_text -> Nullable<Text>,
        created_by -> Nullable<Uuid>,
        closed_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        version -> Int4,
    }
}

diesel::table! {
    member_invitations (id) {
        id -> Uuid,
        firm_id -> Uuid,
        email -> Text,
        name -> Nullable<Text>,
        role -> Text,
        token_digest -> Bytea,
        invited_by -> Uuid,
        member_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        accepted_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
        updated_at -> Timestamptz,
        version -> Int4,
    }
}

diesel::table! {
    members (id) {
        id -> Uuid,
        firm_id -> Uuid,
        name -> Text,
        email -> Text,
        password_hash -> Text,
        role -> Text,
        deactivated_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        version -> Int4,
        phone -> Nullable<Text>,
        time_zone -> Nullable<Text>,
        locale -> Nullable<Text>,
    }
}

diesel::table! {
    metric_readings (id) {
        id -> Uuid,
        partnership_id -> Uuid,
        key -> Text,
        measured_on -> Date,
        figure -> Int8,
        firm_id -> Uuid,
        reported_by -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    partnership_notes (id) {
        id -> Uuid,
        partnership_id -> Uuid,
        firm_id -> Uuid,
        written_by -> Uuid,
        body -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        version -> Int4,
    }
}

diesel::table! {
    partnership_terms (partnership_id, version) {
        partnership_id -> Uuid,
        version -> Int4,
        exclusive -> Nullable<Bool>,
        clients_informed -> Nullable<Bool>,
        review_on -> Nullable<Date>,
        compensation_kind -> Nullable<Text>,
        compensation_basis_points -> Nullable<Int4>,
        compensation_amount_minor -> Nullable<Int8>,
        compensation_currency -> Nullable<Text>,
        compensation_paid_by_firm_id -> Nullable<Uuid>,
        compensation_disclosed -> Nullable<Bool>,
        compensation_note -> Nullable<Text>,
        changed_by_firm_id -> Uuid,
        changed_by -> Uuid,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    partnerships (id) {
        id -> Uuid,
        state -> Text,
        proposer_firm_id -> Uuid,
        proposer_lead_id -> Uuid,
        recipient_firm_id -> Nullable<Uuid>,
        recipient_lead_id -> Nullable<Uuid>,
        recipient_email -> Text,
        message -> Nullable<Text>,
        reason -> Nullable<Text>,
        ended_by_firm_id -> Nullable<Uuid>,
        answered_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        version -> Int4,
        paused_by_firm_id -> Nullable<Uuid>,
        paused_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    password_resets (id) {
        id -> Uuid,
        member_id -> Uuid,
        email -> Text,
        token_digest -> Bytea,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    plan_decisions (id) {
        id -> Uuid,
        partnership_id -> Uuid,
        firm_id -> Uuid,
        decision -> Text,
        reason -> Text,
        decided_by -> Uuid,
        decided_at -> Timestamptz,
    }
}

diesel::table! {
    plan_versions (id) {
        id -> Uuid,
        partnership_id -> Uuid,
        section -> Text,
        firm_id -> Uuid,
        number -> Nullable<Int4>,
        state -> Text,
        body -> Jsonb,
        counters_id -> Nullable<Uuid>,
        reason -> Nullable<Text>,
        written_by -> Uuid,
        proposed_by -> Nullable<Uuid>,
        proposed_at -> Nullable<Timestamptz>,
        answered_by -> Nullable<Uuid>,
        closed_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        version -> Int4,
    }
}

diesel::table! {
    plan_waivers (id) {
        id -> Uuid,
        partnership_id -> Uuid,
        section -> Text,
        firm_id -> Uuid,
        reason -> Text,
        waived_by -> Uuid,
        waived_at -> Timestamptz,
        withdrawn_at -> Nullable<Timestamptz>,
        version -> Int4,
    }
}

diesel::table! {
    playbook_application_steps (application_id, step_id) {
        application_id -> Uuid,
        step_id -> Uuid,
        place -> Int4,
        key -> Text,
    }
}

diesel::table! {
    playbook_applications (id) {
        id -> Uuid,
        firm_id -> Uuid,
        playbook_id -> Uuid,
        playbook_version -> Int4,
        partnership_id -> Uuid,
        introduction_id -> Nullable<Uuid>,
        start_on -> Date,
        applied_by -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    playbook_versions (playbook_id, version) {
        playbook_id -> Uuid,
        version -> Int4,
        name -> Text,
        description -> Nullable<Text>,
        applies_to -> Text,
        skips_days_off -> Bool,
        steps -> Jsonb,
        written_by -> Uuid,
        written_at -> Timestamptz,
    }
}

diesel::table! {
    playbooks (id) {
        id -> Uuid,
        firm_id -> Uuid,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        archived_at -> Nullable<Timestamptz>,
        version -> Int4,
    }
}

diesel::table! {
    recovery_codes (member_id, code_digest) {
        member_id -> Uuid,
        code_digest -> Bytea,
    }
}

diesel::table! {
    second_factors (member_id) {
        member_id -> Uuid,
        sealed_secret -> Bytea,
        confirmed_at -> Nullable<Timestamptz>,
        last_step -> Nullable<Int8>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    sessions (id) {
        id -> Uuid,
        member_id -> Uuid,
        generation -> Int4,
        rotated_at -> Timestamptz,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
        device_id -> Nullable<Uuid>,
        device_name -> Nullable<Text>,
        user_agent -> Nullable<Text>,
    }
}

diesel::table! {
    sign_ups (id) {
        id -> Uuid,
        email -> Text,
        token_digest -> Bytea,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    signing_keys (kid) {
        kid -> Text,
        sealed_private_key -> Bytea,
        public_jwk -> Jsonb,
        created_at -> Timestamptz,
        signs_from -> Timestamptz,
        verifies_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    touchpoint_guests (touchpoint_id, place) {
        touchpoint_id -> Uuid,
        place -> Int2,
        firm_id -> Uuid,
        member_id -> Nullable<Uuid>,
        name -> Nullable<Text>,
        share_minor -> Int8,
    }
}

diesel::table! {
    touchpoints (id) {
        id -> Uuid,
        partnership_id -> Uuid,
        by_firm_id -> Uuid,
        to_firm_id -> Uuid,
        kind -> Text,
        state -> Text,
        planned_on -> Nullable<Date>,
        happened_on -> Nullable<Date>,
        place -> Nullable<Text>,
        note -> Nullable<Text>,
        visibility -> Text,
        is_paid_by_author -> Nullable<Bool>,
        cost_minor -> Nullable<Int8>,
        cost_currency -> Nullable<Text>,
        recorded_by -> Uuid,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        version -> Int4,
    }
}

diesel::table! {
    vitalities (partnership_id) {
        partnership_id -> Uuid,
        level -> Nullable<Text>,
        since -> Nullable<Timestamptz>,
        judged_at -> Timestamptz,
        version -> Int4,
    }
}

diesel::table! {
    work_calendars (firm_id) {
        firm_id -> Uuid,
        weekend -> Array<Text>,
        updated_at -> Timestamptz,
        version -> Int4,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    action_step_evidence,
    action_step_moves,
    action_step_predecessors,
    action_step_reminders,
    action_step_states,
    action_steps,
    agenda_items,
    api_clients,
    attempts,
    audit_entries,
    calendar_feeds,
    cascade_moves,
    cascades,
    changes,
    client_external_ids,
    clients,
    consents,
    contacts,
    contributions,
    devices,
    disclosures,
    firms,
    holidays,
    idempotency_keys,
    introduction_external_ids,
    introduction_stages,
    introductions,
    invitations,
    jobs,
    mails,
    meeting_notes,
    meeting_outcomes,
    meeting_series,
    meetings,
    member_invitations,
    members,
    metric_readings,
    partnership_notes,
    partnership_terms,
    partnerships,
    password_resets,
    plan_decisions,
    plan_versions,
    plan_waivers,
    playbook_application_steps,
    playbook_applications,
    playbook_versions,
    playbooks,
    recovery_codes,
    second_factors,
    sessions,
    sign_ups,
    signing_keys,
    touchpoint_guests,
    touchpoints,
    vitalities,
    work_calendars,
);
