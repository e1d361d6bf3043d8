-- The database's own clock, UNIX milliseconds; embedded, it is that of the process.
CREATE ALIAS ledger_millis FOR "java.lang.System.currentTimeMillis";
