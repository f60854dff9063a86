CREATE TABLE metric_readings (
    id uuid CONSTRAINT metric_readings_pkey PRIMARY KEY,
    partnership_id uuid NOT NULL,
    key text NOT NULL,
    measured_on date NOT NULL,
    figure bigint NOT NULL,
    firm_id uuid NOT NULL,
    reported_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT metric_readings_figure_check CHECK (figure >= 0),
    CONSTRAINT metric_readings_partnership_id_fkey FOREIGN KEY (partnership_id) REFERENCES partnerships (id),
    CONSTRAINT metric_readings_firm_id_fkey FOREIGN KEY (firm_id) REFERENCES firms (id)
);

COMMENT ON TABLE metric_readings IS 'Figures of the metrics that no record can count, as a party reported them; they never change.';
COMMENT ON COLUMN metric_readings.id IS 'Its id.';
COMMENT ON COLUMN metric_readings.partnership_id IS 'The partnership.';
COMMENT ON COLUMN metric_readings.key IS 'The metric of the success definition.';
COMMENT ON COLUMN metric_readings.measured_on IS 'The day on which the figure stood so.';
COMMENT ON COLUMN metric_readings.figure IS 'The figure, as it stood then.';
COMMENT ON COLUMN metric_readings.firm_id IS 'The party that reported it.';
COMMENT ON COLUMN metric_readings.reported_by IS 'The member or API client of it.';
COMMENT ON COLUMN metric_readings.created_at IS 'When it was reported.';

CREATE INDEX metric_readings_partnership_id_idx ON metric_readings (partnership_id, id);

CREATE INDEX metric_readings_firm_id_idx ON metric_readings (firm_id);
