-- Row-level security and rights, for every table that has a tenant. Run by the migrator as the tables' owner after every migration, so no later table can be forgotten.
-- Repeating it changes nothing and locks nothing.
DO $security$
DECLARE
    wanted record;
    mine CONSTANT text := 'tenant_id = (SELECT current_setting(''registry.tenant_id'', true))';
    rights text;
BEGIN
    FOR wanted IN
        SELECT c.relname, c.relrowsecurity,
            EXISTS (SELECT FROM pg_policies p WHERE p.schemaname = current_schema() AND p.tablename = c.relname AND p.policyname = 'one_tenant') AS has_policy
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
    LOOP
        IF NOT wanted.relrowsecurity THEN
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', wanted.relname);
        END IF;
        IF NOT wanted.has_policy THEN
            -- The sub-select is evaluated once for a statement, not once for a row.
            EXECUTE format('CREATE POLICY one_tenant ON %I TO registry_app USING (%s) WITH CHECK (%s)', wanted.relname, mine, mine);
            EXECUTE format('CREATE POLICY every_tenant ON %I TO registry_system USING (true) WITH CHECK (true)', wanted.relname);
        END IF;
        -- Of the audit nothing is ever changed; the sequence is written by everyone and numbered by the system.
        rights := CASE wanted.relname WHEN 'audit_entries' THEN 'SELECT, INSERT' WHEN 'audit_links' THEN 'SELECT, INSERT' WHEN 'events' THEN 'SELECT, INSERT' ELSE 'SELECT, INSERT, UPDATE, DELETE' END;
        -- The chain is linked by the system alone.
        EXECUTE format('GRANT %s ON %I TO registry_app', CASE wanted.relname WHEN 'audit_links' THEN 'SELECT' ELSE rights END, wanted.relname);
        EXECUTE format('GRANT %s ON %I TO registry_system', CASE wanted.relname WHEN 'events' THEN 'SELECT, INSERT, UPDATE, DELETE' ELSE rights END, wanted.relname);
    END LOOP;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO registry_app, registry_system', current_schema());
    GRANT SELECT, INSERT ON data_protection_keys TO registry_app, registry_system;
    GRANT SELECT ON sequence_head TO registry_app;
    GRANT SELECT, UPDATE ON sequence_head TO registry_system;
    GRANT SELECT, INSERT, UPDATE, DELETE ON event_consumers TO registry_system;
    GRANT SELECT, INSERT, DELETE ON search_rebuilds TO registry_system;
    GRANT SELECT ON usage_roll_up TO registry_app;
    GRANT SELECT, UPDATE ON usage_roll_up TO registry_system;
    -- The health check tells a schema that is older than the process.
    GRANT SELECT ON "__EFMigrationsHistory" TO registry_app, registry_system;
END
$security$;

-- Full-text, trigram and array operators may look at rows before a policy has (they are not "leakproof"), so under row-level security PostgreSQL does not use their indexes. The
-- functions below that run as the tables' owner apply the tenant's condition themselves.

-- What a capability is worth whatever is searched for, from 0 to 100: how much a name of so many words says about what it names, times use, quality and life. In steps of 5, so that
-- small changes neither reorder lists nor move rows.
CREATE OR REPLACE FUNCTION search_rank(name_words integer, popularity double precision, quality double precision, status text) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $function$
    SELECT (5 * floor(20 * (0.5 + 0.5 / greatest(name_words, 1)) / 1.5
        * (0.5 + 0.45 * least(greatest(popularity, 0), 1) + 0.35 * quality + 0.20 * CASE status WHEN 'discovered' THEN 0.4 WHEN 'deprecated' THEN 0 WHEN 'retired' THEN 0 ELSE 1 END)))::smallint
$function$;

-- The conditions of a search that are not its words: parameters are numbered as the functions below pass them.
CREATE OR REPLACE FUNCTION search_filter(excluded text, category text, status text, keyword text, service text, quality double precision) RETURNS text
LANGUAGE sql IMMUTABLE AS $function$
    SELECT 'd.tenant_id = $1' || concat(
        CASE WHEN excluded IS NOT NULL THEN ' AND NOT d.tsv @@ $5' END,
        CASE WHEN category IS NOT NULL THEN ' AND d.category = $7' END,
        CASE WHEN status IS NOT NULL THEN ' AND d.status = $8' END,
        CASE WHEN keyword IS NOT NULL THEN ' AND EXISTS (SELECT FROM capabilities c WHERE c.capability_id = d.capability_id AND c.composition_keywords @> ARRAY[$9])' END,
        CASE WHEN service IS NOT NULL THEN
            ' AND EXISTS (SELECT FROM provided_services s JOIN capabilities c ON c.capability_id = s.capability_id AND c.latest_version_id = s.version_id
                WHERE s.service_id = (SELECT n.name_id FROM names n WHERE n.tenant_id = $1 AND n.name = $10) AND s.capability_id = d.capability_id)' END,
        CASE WHEN quality IS NOT NULL THEN ' AND d.quality_score >= $11' END)
$function$;

-- A window of what a search finds, best first: the code itself (3), words of the name (2), words anywhere (1); or parts of the code (0). Within each by static rank, then by code. Nothing is
-- ranked that is not shown: the bands of the static rank, each with its own indexes, are read one after the other until there is enough.
CREATE OR REPLACE FUNCTION search_capabilities(exact text, names text, words text, excluded text, part text, category text, status text, keyword text, service text, quality double precision,
    after_match integer, after_rank integer, after_code text, skip integer, take integer)
RETURNS TABLE (capability_id uuid, match smallint, static_rank smallint, name_lc text)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 30
SET search_path = public, pg_temp SET enable_seqscan = off SET max_parallel_workers_per_gather = 0 SET jit = off SET client_min_messages = warning AS $function$
DECLARE
    tenant CONSTANT text := current_setting('registry.tenant_id');
    filter CONSTANT text := search_filter(excluded, category, status, keyword, service, quality);
    name_query CONSTANT tsquery := names::tsquery;
    word_query CONSTANT tsquery := to_tsquery('english', words);
    excluded_query CONSTANT tsquery := to_tsquery('english', excluded);
    bands CONSTANT text[] := ARRAY['d.static_rank >= 50', 'd.static_rank >= 40 AND d.static_rank < 50', 'd.static_rank < 40'];
    conditions CONSTANT text[] := ARRAY['d.tsv @@ $4 AND NOT d.tsn @@ $3 AND d.name_lc <> $2', 'd.tsn @@ $3 AND d.name_lc <> $2', 'd.capability_id = (SELECT c.capability_id FROM capabilities c WHERE c.tenant_id = $1 AND c.capability_code = $2)'];
    most CONSTANT integer := 10000;
    condition text;
    band text;
    matches bigint;
    many boolean;
BEGIN
    FOR level IN REVERSE coalesce(after_match, 3) .. 0 LOOP
        CONTINUE WHEN (level = 0) <> (part IS NOT NULL) OR (level = 1 AND numnode(word_query) = 0);
        condition := CASE level WHEN 0 THEN 'd.name_lc LIKE $6' ELSE conditions[level] END;
        IF level = after_match THEN
            condition := condition || ' AND (d.static_rank < $12 OR (d.static_rank = $12 AND d.name_lc > $13))';
        END IF;
        FOREACH band IN ARRAY CASE WHEN level IN (1, 2) THEN bands ELSE ARRAY['true'] END LOOP
            -- All matches of the band are collected and sorted, unless there are many: then so many follow each other in the index of the order that it is read until there is enough. The
            -- planner, left to itself, takes the two conditions for independent and walks through whole bands for a handful of matches.
            many := false;
            FOR capability_id, static_rank, name_lc, matches IN EXECUTE format(
                'SELECT m.capability_id, m.static_rank, m.name_lc, count(*) OVER () FROM (SELECT d.capability_id, d.static_rank, d.name_lc FROM search_documents d WHERE %s AND %s AND %s LIMIT %s) AS m
                ORDER BY m.static_rank DESC, m.name_lc OFFSET %s LIMIT %s', filter, band, condition, most + 1, skip, take)
                USING tenant, exact, name_query, word_query, excluded_query, part, category, status, keyword, service, quality, after_rank, after_code
            LOOP
                many := matches > most;
                EXIT WHEN many;
                match := level;
                skip := 0;
                take := take - 1;
                RETURN NEXT;
            END LOOP;
            IF many THEN
                RETURN QUERY EXECUTE format(
                    'SELECT d.capability_id, %s::smallint, d.static_rank, d.name_lc FROM search_documents d WHERE %s AND %s AND %s ORDER BY d.static_rank DESC, d.name_lc OFFSET %s LIMIT %s',
                    level, filter, band, condition, skip, take)
                    USING tenant, exact, name_query, word_query, excluded_query, part, category, status, keyword, service, quality, after_rank, after_code;
                GET DIAGNOSTICS matches = ROW_COUNT;
                skip := 0;
                take := take - matches;
            ELSIF skip > 0 THEN
                EXECUTE format('SELECT count(*) FROM search_documents d WHERE %s AND %s AND %s', filter, band, condition)
                    INTO matches USING tenant, exact, name_query, word_query, excluded_query, part, category, status, keyword, service, quality, after_rank, after_code;
                skip := skip - matches;
            END IF;
            IF take = 0 THEN
                RETURN;
            END IF;
        END LOOP;
    END LOOP;
END
$function$;

-- How many matches there are, by category and status, up to a number of them.
CREATE OR REPLACE FUNCTION count_capabilities(exact text, names text, words text, excluded text, part text, category text, status text, keyword text, service text, quality double precision, most integer)
RETURNS TABLE (found_category text, found_status text, matches bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 30
SET search_path = public, pg_temp SET enable_seqscan = off SET max_parallel_workers_per_gather = 0 SET jit = off SET client_min_messages = warning AS $function$
DECLARE
    filter CONSTANT text := search_filter(excluded, category, status, keyword, service, quality);
    word_query CONSTANT tsquery := to_tsquery('english', words);
    one CONSTANT text := format('SELECT d.category, d.status FROM search_documents d WHERE %s AND %s', filter,
        CASE WHEN part IS NOT NULL THEN 'd.name_lc LIKE $6' WHEN numnode(word_query) = 0 THEN 'd.tsn @@ $3' ELSE '(d.tsn @@ $3 OR d.tsv @@ $4)' END);
BEGIN
    RETURN QUERY EXECUTE format('SELECT f.category, f.status, count(*) FROM (%s LIMIT %s) AS f GROUP BY 1, 2',
        CASE WHEN part IS NOT NULL THEN one ELSE format('%1$s AND d.static_rank >= 50 UNION ALL %1$s AND d.static_rank >= 40 AND d.static_rank < 50 UNION ALL %1$s AND d.static_rank < 40', one) END, most)
        USING current_setting('registry.tenant_id'), exact, names::tsquery, word_query, to_tsquery('english', excluded), part, category, status, keyword, service, quality;
END
$function$;

-- Everything that a search finds, in no order, for lists with an order of their own.
CREATE OR REPLACE FUNCTION find_capabilities(names text, words text, excluded text, part text) RETURNS TABLE (capability_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET max_parallel_workers_per_gather = 0 SET jit = off SET client_min_messages = warning AS $function$
DECLARE
    one CONSTANT text := format('SELECT d.capability_id FROM search_documents d WHERE %s AND %s', search_filter(excluded, NULL, NULL, NULL, NULL, NULL),
        CASE WHEN numnode(to_tsquery('english', words)) = 0 THEN 'd.tsn @@ $3' ELSE '(d.tsn @@ $3 OR d.tsv @@ $4)' END);
BEGIN
    RETURN QUERY EXECUTE format('%1$s AND d.static_rank >= 50 UNION ALL %1$s AND d.static_rank >= 40 AND d.static_rank < 50 UNION ALL %1$s AND d.static_rank < 40', one)
        USING current_setting('registry.tenant_id'), NULL, names::tsquery, to_tsquery('english', words), to_tsquery('english', excluded);
    IF NOT FOUND THEN
        RETURN QUERY SELECT d.capability_id FROM search_documents d WHERE d.tenant_id = current_setting('registry.tenant_id') AND d.name_lc LIKE part;
    END IF;
END
$function$;

-- The search of the first release, which had other parameters.
DROP FUNCTION IF EXISTS find_capabilities(text, text);

CREATE OR REPLACE FUNCTION find_keyword(keyword text) RETURNS TABLE (capability_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $function$
    SELECT c.capability_id FROM capabilities c WHERE c.tenant_id = current_setting('registry.tenant_id') AND c.composition_keywords @> ARRAY[keyword]
$function$;

-- The sequencer (docs/adr/0005): one at a time gives positions, to committed events only. The lock is taken before the statement that looks for them, so that it sees all that the
-- run before it has given. Its commit is not waited for: nobody relies on these positions before they are published.
CREATE OR REPLACE FUNCTION assign_positions(OUT head bigint, OUT traces text[])
LANGUAGE plpgsql SET search_path = public, pg_temp AS $function$
BEGIN
    IF EXISTS (SELECT FROM events WHERE position IS NULL) THEN
        PERFORM pg_advisory_xact_lock(x'726567736571'::bigint), set_config('synchronous_commit', 'off', true);
        WITH pending AS (
            SELECT event_id, row_number() OVER (ORDER BY event_id) AS n FROM events WHERE position IS NULL),
        given AS (
            UPDATE events e SET position = (SELECT coalesce(max(position), 0) FROM events) + pending.n
            FROM pending WHERE e.event_id = pending.event_id RETURNING e.trace_parent)
        SELECT array_agg(DISTINCT trace_parent) FILTER (WHERE trace_parent IS NOT NULL) INTO traces FROM given;
    END IF;
    SELECT coalesce(max(position), 0) INTO head FROM events;
END
$function$;

-- The commit of this one is waited for, and with it everything that was written before. Readers of the sequence go as far as the head and no further.
CREATE OR REPLACE FUNCTION publish_positions() RETURNS bigint
LANGUAGE plpgsql SET search_path = public, pg_temp AS $function$
DECLARE
    given CONSTANT bigint := (SELECT max(position) FROM events);
    head bigint;
BEGIN
    UPDATE sequence_head SET position = given WHERE position < given RETURNING position INTO head;
    IF FOUND THEN
        PERFORM pg_notify('registry_positions', head::text);
    ELSE
        SELECT position INTO head FROM sequence_head;
    END IF;
    RETURN head;
END
$function$;

-- Only an owner may ANALYZE.
CREATE OR REPLACE FUNCTION refresh_statistics() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $function$
BEGIN
    ANALYZE names, capabilities, capability_versions, dependencies, provided_services, search_documents;
END
$function$;

REVOKE ALL ON FUNCTION search_capabilities(text, text, text, text, text, text, text, text, text, double precision, integer, integer, text, integer, integer),
    count_capabilities(text, text, text, text, text, text, text, text, text, double precision, integer), find_capabilities(text, text, text, text), find_keyword(text), refresh_statistics(),
    assign_positions(), publish_positions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_capabilities(text, text, text, text, text, text, text, text, text, double precision, integer, integer, text, integer, integer),
    count_capabilities(text, text, text, text, text, text, text, text, text, double precision, integer), find_capabilities(text, text, text, text), find_keyword(text) TO registry_app;
GRANT EXECUTE ON FUNCTION refresh_statistics(), assign_positions(), publish_positions() TO registry_system;
