/** The tables of a store, as they are made; docs/batch.md tells them to those who query by hand. */
import { program } from "../version.ts"
import { resultColumns } from "./result-columns.ts"

/** Of the tables: another is another format, and refused. */
export const storeFormat = 2

const ofResults = resultColumns.map(({ name, type }) => `${name} ${type}`).join(",\n  ")

export const createTables = `
CREATE TABLE store (program VARCHAR, format INTEGER, created TIMESTAMPTZ);
INSERT INTO store VALUES ('${program}', ${storeFormat}, now());

CREATE TABLE runs (
  run BIGINT PRIMARY KEY,
  started TIMESTAMPTZ NOT NULL,
  ended TIMESTAMPTZ,
  ended_by VARCHAR,
  sources VARCHAR NOT NULL,
  version VARCHAR NOT NULL,
  catalog_hash VARCHAR NOT NULL,
  threads BIGINT NOT NULL,
  total BIGINT NOT NULL,
  solved BIGINT,
  known BIGINT
);

CREATE TABLE results (
  key VARCHAR PRIMARY KEY,
  ${ofResults},
  seconds DOUBLE NOT NULL,
  run BIGINT NOT NULL,
  solved_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE batches (
  batch VARCHAR PRIMARY KEY,
  form VARCHAR NOT NULL
);

CREATE TABLE scenarios (
  batch VARCHAR,
  axes JSON,
  form VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  key VARCHAR NOT NULL,
  PRIMARY KEY (batch, axes)
);

CREATE TABLE axes (
  batch VARCHAR,
  position BIGINT,
  name VARCHAR NOT NULL,
  paths JSON NOT NULL,
  PRIMARY KEY (batch, position)
);

CREATE VIEW answers AS
  SELECT batch, axes, scenarios.name, results.* FROM scenarios JOIN batches USING (batch, form) JOIN results USING (key);
`
