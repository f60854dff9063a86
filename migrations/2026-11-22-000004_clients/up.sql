CREATE TABLE clients (
    id uuid CONSTRAINT clients_pkey PRIMARY KEY,
    firm_id uuid NOT NULL,
    name text NOT NULL,
    email text,
    phone text,
    phone_e164 text,
    notes text,
    attributes jsonb NOT NULL DEFAULT '{}',
    traits text[] NOT NULL DEFAULT '{}',
    distinct_person boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT clients_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE clients IS 'People whom a firm serves and may introduce; records of that firm alone.';
COMMENT ON COLUMN clients.id IS 'Its id.';
COMMENT ON COLUMN clients.firm_id IS 'The firm that serves the client.';
COMMENT ON COLUMN clients.name IS 'The client''s name. Sealed from a partner until consent and acceptance.';
COMMENT ON COLUMN clients.email IS 'E-mail address, in lower case. Sealed likewise.';
COMMENT ON COLUMN clients.phone IS 'Phone number as written. Sealed likewise.';
COMMENT ON COLUMN clients.phone_e164 IS 'Phone number in E.164, where it parses. Sealed likewise.';
COMMENT ON COLUMN clients.notes IS 'What the firm noted. Sealed likewise.';
COMMENT ON COLUMN clients.attributes IS 'Figures by name, such as investable_assets; never sealed.';
COMMENT ON COLUMN clients.traits IS 'Traits by name, such as business_owner; never sealed.';
COMMENT ON COLUMN clients.distinct_person IS 'Whether the firm says that it is another person than one with the same address or number.';
COMMENT ON COLUMN clients.created_at IS 'When it was made.';
COMMENT ON COLUMN clients.updated_at IS 'When it was last changed.';
COMMENT ON COLUMN clients.version IS 'Counts changes.';

CREATE INDEX clients_firm_id_idx ON clients (firm_id, id);

CREATE INDEX clients_name_idx ON clients (firm_id, lower(name));

CREATE UNIQUE INDEX clients_email_key ON clients (firm_id, email) WHERE NOT distinct_person;

CREATE UNIQUE INDEX clients_phone_key ON clients (firm_id, phone_e164) WHERE NOT distinct_person;


CREATE TABLE client_external_ids (
    firm_id uuid NOT NULL,
    system text NOT NULL,
    external_id text NOT NULL,
    client_id uuid NOT NULL,
    CONSTRAINT client_external_ids_pkey PRIMARY KEY (firm_id, system, external_id),
    CONSTRAINT client_external_ids_client_id_key UNIQUE (client_id, system),
    CONSTRAINT client_external_ids_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE CASCADE,
    CONSTRAINT client_external_ids_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE client_external_ids IS 'Ids of clients in a firm''s other systems.';
COMMENT ON COLUMN client_external_ids.firm_id IS 'The firm.';
COMMENT ON COLUMN client_external_ids.system IS 'The other system.';
COMMENT ON COLUMN client_external_ids.external_id IS 'The id there.';
COMMENT ON COLUMN client_external_ids.client_id IS 'The client.';


CREATE TABLE consents (
    id uuid CONSTRAINT consents_pkey PRIMARY KEY,
    client_id uuid NOT NULL,
    firm_id uuid NOT NULL,
    partner_firm_id uuid NOT NULL,
    partnership_id uuid NOT NULL,
    given_on date NOT NULL,
    method text NOT NULL,
    scope text,
    ends_on date,
    expires_at timestamptz,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT consents_method_check CHECK (method IN ('written', 'verbal', 'electronic')),
    CONSTRAINT consents_ends_on_check CHECK (ends_on >= given_on),
    CONSTRAINT consents_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE CASCADE,
    CONSTRAINT consents_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id),
    CONSTRAINT consents_partner_firm_id_fkey FOREIGN KEY (partner_firm_id) REFERENCES firms (id),
    CONSTRAINT consents_partnership_id_fkey FOREIGN KEY (partnership_id) REFERENCES partnerships (id)
);

COMMENT ON TABLE consents IS 'A client''s leave to be made known to one partner firm.';
COMMENT ON COLUMN consents.id IS 'Its id.';
COMMENT ON COLUMN consents.client_id IS 'The client who gave it.';
COMMENT ON COLUMN consents.firm_id IS 'The firm that serves the client and recorded it.';
COMMENT ON COLUMN consents.partner_firm_id IS 'The firm that the client may be made known to.';
COMMENT ON COLUMN consents.partnership_id IS 'The partnership for which it was recorded.';
COMMENT ON COLUMN consents.given_on IS 'When the client gave it.';
COMMENT ON COLUMN consents.method IS 'How the client gave it.';
COMMENT ON COLUMN consents.scope IS 'What it covers, in the client''s words.';
COMMENT ON COLUMN consents.ends_on IS 'The last day on which it holds; null without end.';
COMMENT ON COLUMN consents.expires_at IS 'The instant after that day, in the firm''s zone.';
COMMENT ON COLUMN consents.recorded_by IS 'The member or API client that recorded it.';
COMMENT ON COLUMN consents.recorded_at IS 'When it was recorded.';
COMMENT ON COLUMN consents.withdrawn_at IS 'When it ended: the client took it back, or another followed after it had run out.';
COMMENT ON COLUMN consents.version IS 'Counts changes.';

CREATE UNIQUE INDEX consents_standing_key ON consents (client_id, partner_firm_id)
    INCLUDE (expires_at) WHERE withdrawn_at IS NULL;

CREATE INDEX consents_client_id_idx ON consents (client_id);

CREATE INDEX consents_firm_id_idx ON consents (firm_id);

CREATE INDEX consents_partner_firm_id_idx ON consents (partner_firm_id);

CREATE INDEX consents_partnership_id_idx ON consents (partnership_id);
