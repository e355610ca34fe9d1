-- Invoices: what a seller asks of a subscriber. Once finalised, what it says stays.

CREATE TABLE billing.invoices (
    id              uuid PRIMARY KEY,
    -- The workspace in which it lies.
    workspace_id    uuid NOT NULL,
    -- Who numbers it: the workspace, or the platform, which is all zeros.
    seller_id       uuid NOT NULL,
    -- Whom it is for: a member, or the workspace.
    user_id         uuid,
    -- What it is a bill of, and the how-manieth; none, where somebody wrote it.
    subscription_id uuid,
    bill            integer,
    status          text NOT NULL CHECK (status IN ('draft', 'finalised', 'paid', 'void')),
    number          bigint CHECK (number > 0),
    currency        text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    lines           jsonb NOT NULL CHECK (jsonb_typeof(lines) = 'array' AND jsonb_array_length(lines) BETWEEN 1 AND 100),
    total           bigint NOT NULL CHECK (total > 0),
    -- What it posted to the ledger.
    transfer_id     uuid,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    finalised_at    timestamptz,
    paid_at         timestamptz,
    voided_at       timestamptz,
    CONSTRAINT invoices_number UNIQUE (seller_id, number),
    CONSTRAINT invoices_bill UNIQUE (subscription_id, bill),
    CHECK ((subscription_id IS NULL) = (bill IS NULL)),
    CHECK ((number IS NULL) = (finalised_at IS NULL)),
    CHECK (status <> 'draft' OR number IS NULL),
    CHECK (status NOT IN ('finalised', 'paid') OR number IS NOT NULL),
    CHECK ((status = 'paid') = (paid_at IS NOT NULL)),
    CHECK ((status = 'void') = (voided_at IS NOT NULL))
);
CREATE INDEX invoices_by_age ON billing.invoices (workspace_id, created_at DESC, id DESC);
CREATE INDEX invoices_by_user ON billing.invoices (workspace_id, user_id, created_at DESC, id DESC);

-- The last number that a seller gave. It is taken in the transaction that finalises and given back with it, so there are
-- no gaps.
CREATE TABLE billing.invoice_numbers (
    seller_id uuid PRIMARY KEY,
    last      bigint NOT NULL CHECK (last > 0)
);

-- What was finalised is changed in nothing but how it stands, and only from draft to finalised to paid or void.
CREATE FUNCTION billing.keep_invoice() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.number IS NULL THEN
            RETURN OLD;
        END IF;
    ELSIF OLD.number IS NULL THEN
        RETURN NEW;
    ELSIF (NEW.id, NEW.workspace_id, NEW.seller_id, NEW.user_id, NEW.subscription_id, NEW.bill, NEW.number, NEW.currency,
            NEW.lines, NEW.total, NEW.transfer_id, NEW.created_at, NEW.finalised_at)
        IS NOT DISTINCT FROM (OLD.id, OLD.workspace_id, OLD.seller_id, OLD.user_id, OLD.subscription_id, OLD.bill,
            OLD.number, OLD.currency, OLD.lines, OLD.total, OLD.transfer_id, OLD.created_at, OLD.finalised_at)
        AND OLD.status = 'finalised' AND NEW.status IN ('paid', 'void')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of invoice % is refused: what was finalised stays', TG_OP, OLD.id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'invoices_final';
END $$;
CREATE TRIGGER invoices_final BEFORE UPDATE OR DELETE ON billing.invoices
    FOR EACH ROW EXECUTE FUNCTION billing.keep_invoice();
ALTER TABLE billing.invoices ENABLE ALWAYS TRIGGER invoices_final;
