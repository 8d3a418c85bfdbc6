-- What was answered to requests with an Idempotency-Key. Without the client's key, which is not here, nothing in a row can
-- be read: the hashes are keyed with it, seed and response encrypted under it.
create table idempotency_keys (
  key_hash bytea not null,
  -- The execution that holds or held the row.
  claim_id uuid not null,
  fingerprint bytea not null,
  seed bytea not null,
  started_at timestamptz not null,
  -- A running execution that has not ended by then is taken over by the next request with the key.
  locked_until timestamptz not null,
  -- Both null while it runs.
  status integer,
  response bytea,
  expires_at timestamptz not null,
  constraint idempotency_keys_pkey primary key (key_hash),
  constraint idempotency_keys_response_check check ((status is null) = (response is null))
);
create index idempotency_keys_expires_at_idx on idempotency_keys (expires_at);
