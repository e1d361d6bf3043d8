-- The database's own clock, UNIX milliseconds, as it is when a row is looked at: not when the transaction began.
CREATE FUNCTION ledger_millis() RETURNS BIGINT LANGUAGE SQL VOLATILE
AS 'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::BIGINT';
