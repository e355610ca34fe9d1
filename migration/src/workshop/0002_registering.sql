-- Registering: one call, so that the lock everybody waits for is held for as short as can be. Each statement of a
-- function sees what was committed before it began: what follows the lock sees what the lock waited for.
CREATE FUNCTION workshop.register(
    of_workspace uuid, of_workshop uuid, person uuid, by_whom uuid, at timestamptz, past_window boolean
) RETURNS TABLE (
    outcome text, status text, "position" bigint, place_in_line bigint, registered_at timestamptz,
    confirmed_at timestamptz, checked_in_at timestamptz, opens_at timestamptz, closes_at timestamptz
)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    seat workshop.seats%ROWTYPE;
    shop workshop.workshops%ROWTYPE;
    known workshop.attendees%ROWTYPE;
    is_free boolean;
BEGIN
    SELECT * INTO seat FROM workshop.seats s
        WHERE s.workshop_id = of_workshop AND s.workspace_id = of_workspace FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        outcome := 'missing';
        RETURN NEXT;
        RETURN;
    END IF;
    SELECT * INTO known FROM workshop.attendees a WHERE a.workshop_id = of_workshop AND a.user_id = person;
    IF FOUND THEN
        outcome := 'known';
        status := known.status;
        "position" := known.position;
        registered_at := known.registered_at;
        confirmed_at := known.confirmed_at;
        checked_in_at := known.checked_in_at;
        IF known.status = 'waitlisted' THEN
            place_in_line := (
                SELECT count(*) FROM workshop.attendees a WHERE a.workspace_id = of_workspace
                AND a.workshop_id = of_workshop AND a.status = 'waitlisted' AND a.position <= known.position
            );
        END IF;
        RETURN NEXT;
        RETURN;
    END IF;
    SELECT * INTO shop FROM workshop.workshops w WHERE w.id = of_workshop;
    opens_at := shop.registration_opens_at;
    closes_at := coalesce(shop.registration_closes_at, shop.ends_at);
    IF shop.status <> 'published' THEN
        outcome := shop.status;
        RETURN NEXT;
        RETURN;
    END IF;
    IF at >= shop.ends_at OR (NOT past_window AND (at < opens_at OR at >= closes_at)) THEN
        outcome := 'closed';
        RETURN NEXT;
        RETURN;
    END IF;

    is_free := seat.capacity IS NULL OR seat.confirmed < seat.capacity;
    outcome := 'registered';
    status := CASE WHEN is_free THEN 'confirmed' ELSE 'waitlisted' END;
    "position" := seat.last_position + 1;
    place_in_line := CASE WHEN is_free THEN NULL ELSE seat.waitlisted + 1 END;
    registered_at := at;
    confirmed_at := CASE WHEN is_free THEN at END;
    UPDATE workshop.seats s SET last_position = s.last_position + 1,
        confirmed = s.confirmed + CASE WHEN is_free THEN 1 ELSE 0 END,
        waitlisted = s.waitlisted + CASE WHEN is_free THEN 0 ELSE 1 END
        WHERE s.workshop_id = of_workshop;
    INSERT INTO workshop.attendees
        (workshop_id, user_id, workspace_id, status, position, registered_at, registered_by, confirmed_at)
        VALUES (of_workshop, person, of_workspace, CASE WHEN is_free THEN 'confirmed' ELSE 'waitlisted' END,
            seat.last_position + 1, at, by_whom, CASE WHEN is_free THEN at END);
    RETURN NEXT;
END
$$;

-- Takes someone's registration back, if it is not from after `until`; answers what it was. No row: there was none.
CREATE FUNCTION workshop.withdraw(of_workspace uuid, of_workshop uuid, person uuid, until timestamptz)
RETURNS TABLE (status text, checked_in_at timestamptz)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    gone workshop.attendees%ROWTYPE;
BEGIN
    PERFORM FROM workshop.seats s
        WHERE s.workshop_id = of_workshop AND s.workspace_id = of_workspace FOR NO KEY UPDATE;
    DELETE FROM workshop.attendees a WHERE a.workshop_id = of_workshop AND a.user_id = person
        AND a.workspace_id = of_workspace AND (until IS NULL OR a.registered_at <= until) RETURNING * INTO gone;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    UPDATE workshop.seats s SET withdrawn = s.withdrawn + 1,
        confirmed = s.confirmed - CASE WHEN gone.status = 'confirmed' THEN 1 ELSE 0 END,
        waitlisted = s.waitlisted - CASE WHEN gone.status = 'waitlisted' THEN 1 ELSE 0 END
        WHERE s.workshop_id = of_workshop;
    status := gone.status;
    checked_in_at := gone.checked_in_at;
    RETURN NEXT;
END
$$;

-- Gives the free seats to the first in line, and answers to whom. In a workshop that is cancelled or over, nobody waits
-- for anything any more.
CREATE FUNCTION workshop.promote(of_workspace uuid, of_workshop uuid, at timestamptz) RETURNS TABLE (user_id uuid)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    seat workshop.seats%ROWTYPE;
    free integer;
BEGIN
    SELECT * INTO seat FROM workshop.seats s
        WHERE s.workshop_id = of_workshop AND s.workspace_id = of_workspace FOR NO KEY UPDATE;
    free := CASE WHEN seat.capacity IS NULL THEN seat.waitlisted ELSE seat.capacity - seat.confirmed END;
    IF NOT FOUND OR seat.waitlisted = 0 OR free <= 0 THEN
        RETURN;
    END IF;
    PERFORM FROM workshop.workshops w WHERE w.id = of_workshop AND w.status = 'published' AND w.ends_at > at;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY
        WITH first AS (
            SELECT a.user_id FROM workshop.attendees a WHERE a.workspace_id = of_workspace
            AND a.workshop_id = of_workshop AND a.status = 'waitlisted' ORDER BY a.position LIMIT free
        ), seated AS (
            UPDATE workshop.attendees a SET status = 'confirmed', confirmed_at = at FROM first
            WHERE a.workshop_id = of_workshop AND a.user_id = first.user_id RETURNING a.user_id, a.position
        ), counted AS (
            UPDATE workshop.seats s SET confirmed = s.confirmed + (SELECT count(*)::integer FROM seated),
                waitlisted = s.waitlisted - (SELECT count(*)::integer FROM seated)
            WHERE s.workshop_id = of_workshop
        )
        SELECT seated.user_id FROM seated ORDER BY seated.position;
END
$$;
