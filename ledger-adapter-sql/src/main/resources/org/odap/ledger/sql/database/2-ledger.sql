-- The ledger. What must never be false is a constraint here, so that no program can break it.

CREATE TABLE asset_class (
  name VARCHAR(256) PRIMARY KEY,
  kind VARCHAR(8) NOT NULL CHECK (kind IN ('UNIQUE', 'FUNGIBLE'))
);

-- Owners' consent that gateways may lock what they hold of a class.
CREATE TABLE approval (
  asset_class VARCHAR(256) NOT NULL REFERENCES asset_class,
  account VARCHAR(256) NOT NULL,
  PRIMARY KEY (asset_class, account)
);

-- Keys with which account holders sign instructions.
CREATE TABLE account_key (
  account VARCHAR(256) PRIMARY KEY,
  public_key VARCHAR(512) NOT NULL
);

-- One row for each unique asset that is in circulation (it has an owner) or announced (it has none yet).
CREATE TABLE unique_asset (
  asset_class VARCHAR(256) NOT NULL REFERENCES asset_class,
  asset_id NUMERIC(78, 0) NOT NULL CHECK (asset_id >= 0),
  owner VARCHAR(256),
  announced_by VARCHAR(36),
  locked_by VARCHAR(36),
  lock_expiry BIGINT,
  PRIMARY KEY (asset_class, asset_id),
  CHECK ((owner IS NULL AND announced_by IS NOT NULL) OR (owner IS NOT NULL AND announced_by IS NULL)),
  CHECK ((locked_by IS NULL AND lock_expiry IS NULL) OR (locked_by IS NOT NULL AND lock_expiry IS NOT NULL)),
  CHECK (locked_by IS NULL OR owner IS NOT NULL)
);
CREATE INDEX unique_asset_of_owner ON unique_asset (owner);

-- Units of fungible assets; available + locked = what the account owns. Wide enough for more amounts than there
-- can be, so that no creation past a commit point fails.
CREATE TABLE balance (
  account VARCHAR(256) NOT NULL,
  asset_class VARCHAR(256) NOT NULL REFERENCES asset_class,
  available NUMERIC(96, 0) NOT NULL CHECK (available >= 0),
  locked NUMERIC(96, 0) NOT NULL CHECK (locked >= 0),
  PRIMARY KEY (account, asset_class)
);

-- Where a transfer stands on this ledger, one row for each of its sides that this ledger is.
-- A record without an asset was given up before its first step arrived, which is refused from then on.
CREATE TABLE transfer_record (
  transfer_id VARCHAR(36) NOT NULL,
  side VARCHAR(9) NOT NULL,
  state VARCHAR(12) NOT NULL,
  epoch BIGINT NOT NULL CHECK (epoch > 0),
  asset_class VARCHAR(256) REFERENCES asset_class,
  asset_id NUMERIC(78, 0),
  amount NUMERIC(78, 0) CHECK (amount > 0),
  account VARCHAR(256),
  lock_expiry BIGINT,
  PRIMARY KEY (transfer_id, side),
  CHECK ((side = 'SENDER' AND state IN ('LOCKED', 'EXTINGUISHED', 'RELEASED'))
      OR (side = 'RECIPIENT' AND state IN ('ANNOUNCED', 'CREATED', 'WITHDRAWN'))),
  CHECK ((asset_class IS NULL AND account IS NULL AND asset_id IS NULL AND amount IS NULL
          AND state IN ('RELEASED', 'WITHDRAWN'))
      OR (asset_class IS NOT NULL AND account IS NOT NULL AND asset_id IS NOT NULL AND amount IS NULL)
      OR (asset_class IS NOT NULL AND account IS NOT NULL AND asset_id IS NULL AND amount IS NOT NULL)),
  CHECK ((lock_expiry IS NOT NULL AND side = 'SENDER' AND asset_class IS NOT NULL)
      OR (lock_expiry IS NULL AND (side = 'RECIPIENT' OR asset_class IS NULL)))
);
CREATE INDEX transfer_record_of_account ON transfer_record (account, asset_class, state);

-- Data written by operators and data transfers.
CREATE TABLE document (
  location VARCHAR(1024) PRIMARY KEY,
  content VARCHAR(65536) NOT NULL
);

-- Every effect, in order; rows are only ever added. entry_key keeps each step of a transfer, and each request, to one.
CREATE TABLE journal (
  entry_number BIGINT PRIMARY KEY CHECK (entry_number > 0),
  entry_key VARCHAR(200) NOT NULL UNIQUE,
  epoch BIGINT NOT NULL,
  body VARCHAR(16384) NOT NULL,
  transaction_id VARCHAR(64) NOT NULL,
  recorded_at BIGINT NOT NULL,
  previous_hash VARCHAR(64) NOT NULL,
  entry_hash VARCHAR(64) NOT NULL
);

-- The journal's end. Whoever adds an entry holds this row until its transaction is over: order of numbers = order of commits.
CREATE TABLE journal_head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  entry_number BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  entry_hash VARCHAR(64) NOT NULL
);
INSERT INTO journal_head VALUES (1, 0, 0, '0000000000000000000000000000000000000000000000000000000000000000');
