-- Locking a project to record something of it, and reading what that rests on, in one round trip.

-- The project, which stays as it is until the transaction ends, while others may add to its books, too; whether `person`
-- takes part in it; and how it is billed, null where nobody said. Volatile, so that the second statement sees what was
-- committed while the first waited for the lock: in one statement the parts and the settings would be those of before.
CREATE FUNCTION project.lock_books(of_project uuid, of_workspace uuid, of_person uuid)
RETURNS TABLE (held project.projects, takes_part boolean, also jsonb)
LANGUAGE plpgsql VOLATILE ROWS 1
AS $$
BEGIN
    SELECT p.* INTO held FROM project.projects p WHERE p.id = of_project AND p.workspace_id = of_workspace FOR SHARE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT EXISTS (
            SELECT FROM project.members m
            WHERE m.project_id = of_project AND m.user_id = of_person AND m.workspace_id = of_workspace AND m.is_active
        ),
        (SELECT to_jsonb(b) FROM project.billing b WHERE b.project_id = of_project AND b.workspace_id = of_workspace)
    INTO takes_part, also;
    RETURN NEXT;
END
$$;
