-- Who really wrote an entry, by the server's own word; and acts that no console will ask for again.

-- Beside the actor, which is what a console says. Null: written before there was this column. It is not in the entry's hash, which
-- the console makes before the server has it.
ALTER TABLE ledger ADD COLUMN login text COLLATE "C";
CREATE FUNCTION entry_gets_login() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, visor, pg_temp AS $$
BEGIN
  NEW.login := session_user;
  RETURN NEW;
END $$;
CREATE TRIGGER entry_gets_login BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION entry_gets_login();
CREATE TRIGGER ledger_keeps_login BEFORE UPDATE OF login ON ledger
  FOR EACH ROW WHEN (NEW.login IS DISTINCT FROM OLD.login) EXECUTE FUNCTION ledger_keeps_chain();

-- A console says before which of its acts it waits for none. They stay for a month all the same: by them it knows its own changes
-- from those of others. After a year nobody is waited for; an act that is asked for even then is refused by its ledger entry's key.
CREATE FUNCTION forget_acts(of_console text, before uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, visor, pg_temp AS $$
DECLARE
  -- UUIDv7 begin with the time: so does every one that is older.
  a_year_ago uuid := rpad(lpad(to_hex((extract(epoch FROM now() - interval '1 year') * 1000)::bigint), 12, '0'), 32, '0');
BEGIN
  IF NOT has_table_privilege(session_user, 'visor.acts', 'INSERT') THEN
    RETURN;
  END IF;
  DELETE FROM acts WHERE console = of_console AND act_id < before AND at < now() - interval '30 days';
  DELETE FROM acts WHERE act_id < a_year_ago AND at < now() - interval '1 year';
END $$;
CREATE INDEX acts_of_console ON acts (console, act_id);
