-- What API and worker send; made by StatementTests (docs/adr/0018).

-- parameters: uuid, bigint
DELETE FROM compositions
WHERE composition_id = $1 AND revision = $2

-- parameters: character varying, text, text
DELETE FROM idempotent_answers AS i
WHERE i.tenant_id = $1 AND i.client_id = $2 AND i.idempotency_key = $3

-- parameters: timestamp with time zone, integer
DELETE FROM idempotent_answers WHERE ctid = ANY (ARRAY (
    SELECT ctid FROM idempotent_answers WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED))

-- parameters: timestamp with time zone, integer
DELETE FROM mobile_actions WHERE ctid = ANY (ARRAY (
    SELECT ctid FROM mobile_actions WHERE created_at < $1 ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED))

-- parameters: uuid
DELETE FROM notification_subscriptions
WHERE subscription_id = $1

-- parameters: timestamp with time zone, integer
DELETE FROM notifications WHERE ctid = ANY (ARRAY (SELECT ctid FROM notifications WHERE done_at <= $1 ORDER BY done_at LIMIT $2 FOR UPDATE SKIP LOCKED))

-- parameters: uuid
DELETE FROM parked_events
WHERE parked_event_id = $1

-- parameters: uuid
DELETE FROM search_documents WHERE capability_id = $1

-- parameters: 
DELETE FROM search_documents d WHERE NOT EXISTS (SELECT FROM capabilities c WHERE c.capability_id = d.capability_id AND c.deleted_at IS NULL)

-- parameters: date, integer
DELETE FROM usage_daily WHERE ctid = ANY (ARRAY (SELECT ctid FROM usage_daily WHERE day <= $1 ORDER BY day LIMIT $2 FOR UPDATE SKIP LOCKED))

-- parameters: date, integer
DELETE FROM usage_hourly WHERE ctid = ANY (ARRAY (
    SELECT ctid FROM usage_hourly
    WHERE hour < (least($1, (SELECT coalesce(summed_on - 1, '-infinity') FROM usage_roll_up)))::timestamp AT TIME ZONE 'UTC'
    ORDER BY hour LIMIT $2 FOR UPDATE SKIP LOCKED))

-- parameters: timestamp with time zone, integer
DELETE FROM webhook_deliveries WHERE ctid = ANY (ARRAY (
    SELECT ctid FROM webhook_deliveries WHERE finished_at <= $1 ORDER BY finished_at LIMIT $2 FOR UPDATE SKIP LOCKED))

-- parameters: timestamp with time zone, integer
DELETE FROM webhook_deliveries WHERE ctid = ANY (ARRAY (
    SELECT d.ctid FROM webhook_deliveries d JOIN webhooks w ON w.webhook_id = d.webhook_id WHERE w.deleted_at <= $1 LIMIT $2 FOR UPDATE OF d SKIP LOCKED))

-- parameters: timestamp with time zone, integer
DELETE FROM webhooks WHERE ctid = ANY (ARRAY (
    SELECT w.ctid FROM webhooks w WHERE w.deleted_at <= $1 AND NOT EXISTS (SELECT FROM webhook_deliveries d WHERE d.webhook_id = w.webhook_id) LIMIT $2 FOR UPDATE SKIP LOCKED))

-- parameters: uuid, uuid, timestamp with time zone, text, timestamp with time zone, timestamp with time zone, timestamp with time zone, text, character varying
INSERT INTO api_client_secrets (secret_id, api_client_id, created_at, created_by, expires_at, last_used_at, revoked_at, secret_hash, tenant_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- parameters: uuid, text, timestamp with time zone, text, timestamp with time zone, text, bigint, timestamp with time zone, text[], text[], character varying, timestamp with time zone
INSERT INTO api_clients (api_client_id, client_id, created_at, created_by, last_used_at, name, revision, revoked_at, roles, scopes, tenant_id, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- parameters: text, text, text, bytea, bytea, uuid, timestamp with time zone, text, text, text, character varying
INSERT INTO audit_entries (action, actor, actor_address, after_hash, before_hash, change_id, occurred_at, request_id, resource_id, resource_type, tenant_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING audit_id

-- parameters: text, timestamp with time zone, text, text, text, text[], text[], bytea[], bytea[], uuid[]
INSERT INTO audit_entries (tenant_id, occurred_at, actor, actor_address, request_id, action, resource_type, resource_id, before_hash, after_hash, change_id)
SELECT $1, $2, $3, $4, $5, action, 'version', resource_id, before_hash, after_hash, change_id FROM unnest($6, $7, $8, $9, $10) AS a (action, resource_id, before_hash, after_hash, change_id)

-- parameters: text[], bigint[], bigint[], bigint[], uuid[], bytea[], bytea[]
INSERT INTO audit_links (tenant_id, ordinal, position, audit_id, change_id, entry_hash, link_hash) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING

-- parameters: text, timestamp with time zone, text, uuid[], text[], text[], text[], text[], text[], text[], text[], uuid[], text[], text[], double precision[]
INSERT INTO capabilities (tenant_id, capability_id, capability_code, capability_name, description, category, subcategory, status, composition_keywords, details,
    latest_version_id, latest_version, latest_rank, quality_score, popularity_score, usage_count, created_at, created_by, updated_at, revision)
SELECT $1, id, code, name, description, category, subcategory, 'registered', coalesce((SELECT array_agg(k) FROM json_array_elements_text(keywords) AS k), '{}'), details,
    version_id, version, rank, quality, 0, 0, $2, $3, $2, 1
FROM unnest($4, $5, $6, $7, $8, $9, $10::json[], $11::json[], $12, $13, $14, $15)
    AS new (id, code, name, description, category, subcategory, keywords, details, version_id, version, rank, quality)
ON CONFLICT DO NOTHING RETURNING capability_id

-- parameters: text, timestamp with time zone, text, uuid[], uuid[], text[], text[], text[], bytea[], bytea[], double precision[], text[], text[], text[], timestamp with time zone[]
INSERT INTO capability_versions (tenant_id, version_id, capability_id, version, precedence, manifest, content_hash, resolution_hash, quality_score,
    lifecycle, lifecycle_message, replaced_by, sunset_at, created_at, created_by)
SELECT $1, v.*, $2, $3 FROM unnest($4, $5, $6, $7, $8::json[], $9, $10, $11, $12, $13, $14, $15) AS v

-- parameters: uuid, bigint, json, timestamp with time zone, character varying
INSERT INTO composition_locks (composition_id, catalogue_position, document, locked_at, tenant_id)
VALUES ($1, $2, $3, $4, $5)

-- parameters: uuid, text, timestamp with time zone, text, text, json, json, text, json, bigint, character varying, timestamp with time zone
INSERT INTO compositions (composition_id, composition_type, created_at, created_by, description, details, member_revisions, name, requirements, revision, tenant_id, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- parameters: text, text
INSERT INTO data_protection_keys (friendly_name, xml)
VALUES ($1, $2)
RETURNING id

-- parameters: text, uuid[], smallint[], smallint[], uuid[], uuid[], text[], text[]
INSERT INTO dependencies (tenant_id, version_id, position, alternative, dependent_id, dependency_id, version_range, dependency_type)
SELECT $1, d.* FROM unnest($2, $3, $4, $5, $6, $7, $8) AS d

-- parameters: text
INSERT INTO event_consumers (consumer, position, attempts, updated_at) SELECT $1, coalesce((SELECT min(position) - 1 FROM events WHERE position IS NOT NULL), 0), 0, now() ON CONFLICT DO NOTHING

-- parameters: text, uuid, uuid, uuid, uuid, text, timestamp with time zone, bigint, character varying, text, uuid, uuid
INSERT INTO events (actor, api_client_id, capability_id, change_id, composition_id, event_type, occurred_at, position, tenant_id, trace_parent, version_id, webhook_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
RETURNING event_id

-- parameters: text, timestamp with time zone, text, text, text[], uuid[], uuid[], uuid[]
INSERT INTO events (tenant_id, event_type, occurred_at, actor, trace_parent, capability_id, version_id, change_id)
SELECT $1, type, $2, $3, $4, capability_id, version_id, change_id FROM unnest($5, $6, $7, $8) AS e (type, capability_id, version_id, change_id)

-- parameters: text, text, character varying, bytea, timestamp with time zone, timestamp with time zone, text, bytea, smallint
INSERT INTO idempotent_answers (client_id, idempotency_key, tenant_id, body, created_at, expires_at, location, request_hash, status)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- parameters: uuid, text, character varying, bytea, timestamp with time zone, json
INSERT INTO mobile_actions (client_action_id, client_id, tenant_id, action_hash, created_at, result)
VALUES ($1, $2, $3, $4, $5, $6)

-- parameters: uuid, integer, timestamp with time zone, text, text, timestamp with time zone, character varying, text[], text, timestamp with time zone, timestamp with time zone, uuid, timestamp with time zone, character varying
INSERT INTO notification_subscriptions (subscription_id, attempts, created_at, created_by, digest, due_at, email, kinds, last_error, last_sent_at, lease_until, mail_id, parked_at, tenant_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)

-- parameters: uuid, text, text, text, text, timestamp with time zone
INSERT INTO parked_events (parked_event_id, tenant_id, consumer, position, event_type, event, attempts, error, parked_at) VALUES ($1, $2, $3, 1, $4, $5::json, 8, 'It is broken.', $6)

-- parameters: text, uuid[], smallint[], uuid[], uuid[], text[]
INSERT INTO provided_services (tenant_id, version_id, position, capability_id, service_id, service_version)
SELECT $1, s.* FROM unnest($2, $3, $4, $5, $6) AS s

-- parameters: uuid[], uuid[], smallint[], text[], text[]
INSERT INTO search_documents AS d (tenant_id, capability_id, name_lc, name_words, static_rank, category, status, quality_score, tsn, tsv)
SELECT c.tenant_id, c.capability_id, c.capability_code, new.name_words, search_rank(new.name_words, c.popularity_score, c.quality_score, c.status),
    c.category, c.status, c.quality_score, new.names::tsvector, to_tsvector('english', new.words)
FROM unnest($1, $2, $3, $4, $5) AS new (capability_id, version_id, name_words, names, words)
CROSS JOIN LATERAL (SELECT * FROM capabilities WHERE capability_id = new.capability_id OFFSET 0) AS c
WHERE c.latest_version_id = new.version_id AND c.deleted_at IS NULL
ON CONFLICT (capability_id) DO UPDATE SET name_words = excluded.name_words, static_rank = excluded.static_rank, category = excluded.category, status = excluded.status,
    quality_score = excluded.quality_score, tsn = excluded.tsn, tsv = excluded.tsv

-- parameters: character varying, timestamp with time zone, text, bigint, text, bigint, timestamp with time zone, timestamp with time zone
INSERT INTO tenants (tenant_id, created_at, created_by, feed_floor, name, revision, suspended_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- parameters: 
INSERT INTO usage_daily (tenant_id, capability_id, kind, day, count)
SELECT tenant_id, capability_id, kind, (hour AT TIME ZONE 'UTC')::date, sum(count)::bigint
FROM usage_hourly
WHERE hour >= (SELECT coalesce((summed_on - 1)::timestamp AT TIME ZONE 'UTC', '-infinity') FROM usage_roll_up)
GROUP BY 1, 2, 3, 4
ON CONFLICT (tenant_id, day, capability_id, kind) DO UPDATE SET count = excluded.count WHERE usage_daily.count < excluded.count

-- parameters: text[], text[], text[], timestamp with time zone[], bigint[]
INSERT INTO usage_hourly (tenant_id, capability_id, kind, hour, count)
SELECT n.tenant_id, n.name_id, u.kind, u.hour, sum(u.uses)::bigint
FROM unnest($1, $2, $3, $4, $5) AS u (tenant_id, code, kind, hour, uses) JOIN names n ON n.tenant_id = u.tenant_id AND n.name = u.code COLLATE "C"
GROUP BY 1, 2, 3, 4 ORDER BY 1, 4, 2, 3
ON CONFLICT (tenant_id, hour, capability_id, kind) DO UPDATE SET count = usage_hourly.count + excluded.count

-- parameters: uuid, integer, timestamp with time zone, timestamp with time zone, text, timestamp with time zone, smallint, uuid, timestamp with time zone, bytea, bigint, text, character varying, integer, uuid
INSERT INTO webhook_deliveries (delivery_id, attempts, created_at, due_at, event_type, finished_at, last_status, lease_id, leased_until, payload, position, state, tenant_id, tries, webhook_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)

-- parameters: uuid[], uuid[], text[], bigint[], bytea[], timestamp with time zone
INSERT INTO webhook_deliveries (tenant_id, delivery_id, webhook_id, event_type, position, payload, state, attempts, tries, created_at, due_at)
SELECT w.tenant_id, d.delivery_id, d.webhook_id, d.event_type, d.position, d.payload, 'pending', 0, 0, $6, $6
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::bytea[]) AS d (delivery_id, webhook_id, event_type, position, payload) JOIN webhooks w ON w.webhook_id = d.webhook_id
FOR KEY SHARE OF w
ON CONFLICT (webhook_id, position) DO NOTHING

-- parameters: uuid, timestamp with time zone, text, timestamp with time zone, text, timestamp with time zone, text, boolean, text[], timestamp with time zone, bytea, timestamp with time zone, bigint, bytea, character varying, timestamp with time zone, text
INSERT INTO webhooks (webhook_id, created_at, created_by, deleted_at, description, disabled_at, disabled_reason, enabled, events, failing_since, previous_secret, previous_secret_expires_at, revision, secret, tenant_id, updated_at, url)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)

-- parameters: 
SELECT 1

-- parameters: character varying, uuid, uuid
SELECT DISTINCT c.lifecycle
FROM capability_versions AS c
WHERE c.tenant_id = $1 AND c.capability_id = $2 AND c.version_id <> $3

-- parameters: text, bigint
SELECT DISTINCT e.capability_id, n.name FROM events e JOIN names n ON n.tenant_id = e.tenant_id AND n.name_id = e.capability_id
WHERE e.tenant_id = $1 AND e.position > $2

-- parameters: character varying
SELECT EXISTS (
    SELECT 1
    FROM tenants AS t
    WHERE t.tenant_id = $1)

-- parameters: character varying, text
SELECT a.api_client_id, a.client_id, a.created_at, a.created_by, a.last_used_at, a.name, a.revision, a.revoked_at, a.roles, a.scopes, a.tenant_id, a.updated_at
FROM api_clients AS a
WHERE a.tenant_id = $1 AND a.client_id = $2
LIMIT 1

-- parameters: text, bigint, bigint, bigint, boolean
SELECT a.audit_id FROM audit_entries a
WHERE a.tenant_id = $1 AND NOT EXISTS (SELECT FROM audit_links l WHERE l.change_id = a.change_id AND l.tenant_id = $1)
    AND a.change_id NOT IN (SELECT e.change_id FROM events e WHERE e.tenant_id = $1 AND (e.position > $2 OR e.position IS NULL))
    AND a.audit_id > (SELECT coalesce(max(l.audit_id), 0) FROM audit_links l WHERE l.tenant_id = $1 AND (l.ordinal = 0 OR l.ordinal < $3))
    AND ($5 OR a.audit_id <= (SELECT max(l.audit_id) FROM audit_links l WHERE l.tenant_id = $1 AND l.ordinal <= $4))
ORDER BY a.audit_id LIMIT 1

-- parameters: character varying, integer, integer
SELECT a.audit_id, a.action, a.actor, a.actor_address, a.after_hash, a.before_hash, a.change_id, a.occurred_at, a.request_id, a.resource_id, a.resource_type, a.tenant_id
FROM audit_entries AS a
WHERE a.tenant_id = $1
ORDER BY a.audit_id DESC
LIMIT $2 OFFSET $3

-- parameters: character varying, integer, integer
SELECT a.client_id, a.name, a.roles, a.scopes, a.created_at, a.last_used_at, a.revoked_at
FROM api_clients AS a
WHERE a.tenant_id = $1
ORDER BY a.client_id
LIMIT $2 OFFSET $3

-- parameters: character varying, text
SELECT a.secret_id, a.api_client_id, a.created_at, a.created_by, a.expires_at, a.last_used_at, a.revoked_at, a.secret_hash, a.tenant_id
FROM api_client_secrets AS a
WHERE a.tenant_id = $1 AND EXISTS (
    SELECT 1
    FROM api_clients AS a0
    WHERE a0.tenant_id = $1 AND a0.client_id = $2 AND a0.api_client_id = a.api_client_id)
LIMIT 1

-- parameters: character varying, uuid
SELECT a.secret_id, a.api_client_id, a.created_at, a.created_by, a.expires_at, a.last_used_at, a.revoked_at, a.secret_hash, a.tenant_id
FROM api_client_secrets AS a
WHERE a.tenant_id = $1 AND a.api_client_id = $2

-- parameters: text, bigint, bigint
SELECT a.tenant_id, a.audit_id, a.change_id, a.occurred_at, a.actor, a.actor_address, a.action, a.resource_type, a.resource_id, a.before_hash, a.after_hash, a.request_id FROM audit_entries a
WHERE a.tenant_id = $1 AND NOT EXISTS (SELECT FROM audit_links l WHERE l.change_id = a.change_id AND l.tenant_id = $1)
    AND a.change_id NOT IN (SELECT e.change_id FROM events e WHERE e.tenant_id = $1 AND (e.position > $2 OR e.position IS NULL)) AND a.audit_id <= $3 ORDER BY a.audit_id

-- parameters: uuid[]
SELECT a.tenant_id, a.audit_id, a.change_id, a.occurred_at, a.actor, a.actor_address, a.action, a.resource_type, a.resource_id, a.before_hash, a.after_hash, a.request_id FROM audit_entries a WHERE a.change_id = ANY ($1)

-- parameters: character varying, text
SELECT c.capability_code
FROM capabilities AS c
WHERE c.tenant_id = $1 AND c.capability_code = $2 AND c.deleted_at IS NULL
LIMIT 1

-- parameters: character varying, text
SELECT c.capability_id
FROM capabilities AS c
WHERE c.tenant_id = $1 AND c.capability_code = $2 AND c.deleted_at IS NULL
LIMIT 1

-- parameters: character varying, text
SELECT c.capability_id, c.capability_code, c.capability_name, c.category, c.composition_keywords, c.created_at, c.created_by, c.deleted_at, c.description, c.details, c.latest_rank, c.latest_version, c.latest_version_id, c.popularity_score, c.quality_score, c.revision, c.status, c.subcategory, c.tenant_id, c.updated_at, c.usage_count
FROM capabilities AS c
WHERE c.tenant_id = $1 AND c.capability_code = $2
LIMIT 1

-- parameters: character varying, text
SELECT c.capability_id, c.capability_code, c.capability_name, c.category, c.composition_keywords, c.created_at, c.created_by, c.deleted_at, c.description, c.details, c.latest_rank, c.latest_version, c.latest_version_id, c.popularity_score, c.quality_score, c.revision, c.status, c.subcategory, c.tenant_id, c.updated_at, c.usage_count
FROM capabilities AS c
WHERE c.tenant_id = $1 AND c.capability_code = $2 AND c.deleted_at IS NULL
LIMIT 1

-- parameters: character varying, text
SELECT c.capability_id, c.capability_code, c.capability_name, c.category, c.composition_keywords, c.created_at, c.created_by, c.deleted_at, c.description, c.details, c.latest_rank, c.latest_version, c.latest_version_id, c.popularity_score, c.quality_score, c.revision, c.status, c.subcategory, c.tenant_id, c.updated_at, c.usage_count, c1.manifest AS "Manifest"
FROM capabilities AS c
INNER JOIN (
    SELECT c0.version_id, c0.manifest
    FROM capability_versions AS c0
    WHERE c0.tenant_id = $1
) AS c1 ON c.latest_version_id = c1.version_id
WHERE c.tenant_id = $1 AND c.capability_code = $2
LIMIT 1

-- parameters: character varying, text
SELECT c.capability_id, c.capability_code, c.capability_name, c.category, c.composition_keywords, c.created_at, c.created_by, c.deleted_at, c.description, c.details, c.latest_rank, c.latest_version, c.latest_version_id, c.popularity_score, c.quality_score, c.revision, c.status, c.subcategory, c.tenant_id, c.updated_at, c.usage_count, c1.manifest AS "Manifest"
FROM capabilities AS c
INNER JOIN (
    SELECT c0.version_id, c0.manifest
    FROM capability_versions AS c0
    WHERE c0.tenant_id = $1
) AS c1 ON c.latest_version_id = c1.version_id
WHERE c.tenant_id = $1 AND c.capability_code = $2 AND c.deleted_at IS NULL
LIMIT 1

-- parameters: character varying, uuid
SELECT c.capability_id, c.capability_code, c.capability_name, c.category, c.composition_keywords, c.created_at, c.created_by, c.deleted_at, c.description, c.details, c.latest_rank, c.latest_version, c.latest_version_id, c.popularity_score, c.quality_score, c.revision, c.status, c.subcategory, c.tenant_id, c.updated_at, c.usage_count, c1.manifest AS "Manifest"
FROM capabilities AS c
INNER JOIN (
    SELECT c0.version_id, c0.manifest
    FROM capability_versions AS c0
    WHERE c0.tenant_id = $1
) AS c1 ON c.latest_version_id = c1.version_id
WHERE c.tenant_id = $1 AND c.capability_id = $2 AND c.deleted_at IS NULL
LIMIT 1

-- parameters: character varying, uuid[], text[]
SELECT c.capability_id, c.capability_code, c.capability_name, c.category, c.composition_keywords, c.created_at, c.created_by, c.deleted_at, c.description, c.details, c.latest_rank, c.latest_version, c.latest_version_id, c.popularity_score, c.quality_score, c.revision, c.status, c.subcategory, c.tenant_id, c.updated_at, c.usage_count, c1.manifest AS "Manifest"
FROM capabilities AS c
INNER JOIN (
    SELECT c0.version_id, c0.manifest
    FROM capability_versions AS c0
    WHERE c0.tenant_id = $1
) AS c1 ON c.latest_version_id = c1.version_id
WHERE c.tenant_id = $1 AND c.deleted_at IS NULL AND (c.capability_id = ANY ($2) OR c.capability_code = ANY ($3))

-- parameters: character varying, integer, integer
SELECT c.capability_id, c.capability_code, c.capability_name, c.description, c.category, c.subcategory, c.status, c.latest_version, c.composition_keywords, c.quality_score, c.popularity_score, c.usage_count, c.created_at, c.updated_at
FROM capabilities AS c
WHERE c.tenant_id = $1 AND c.deleted_at IS NULL
ORDER BY c.capability_code
LIMIT $2 OFFSET $3

-- parameters: character varying, uuid[]
SELECT c.capability_id, c.capability_code, c.capability_name, c.description, c.category, c.subcategory, c.status, c.latest_version, c.composition_keywords, c.quality_score, c.popularity_score, c.usage_count, c.created_at, c.updated_at
FROM capabilities AS c
WHERE c.tenant_id = $1 AND c.deleted_at IS NULL AND c.capability_id = ANY ($2)

-- parameters: character varying, text
SELECT c.capability_id, c.capability_code, c.capability_name, substring(c.description, 1, 160), c.category, c.status, c.latest_version, c.revision, c.updated_at
FROM capabilities AS c
WHERE c.tenant_id = $1 AND c.capability_code = $2 AND c.deleted_at IS NULL
LIMIT 1

-- parameters: character varying, integer, integer
SELECT c.capability_id, c.capability_code, c.capability_name, substring(c.description, 1, 160), c.category, c.status, c.latest_version, c.revision, c.updated_at
FROM capabilities AS c
WHERE c.tenant_id = $1 AND c.deleted_at IS NULL
ORDER BY c.capability_code
LIMIT $2 OFFSET $3

-- parameters: character varying, uuid[]
SELECT c.capability_id, c.capability_code, c.capability_name, substring(c.description, 1, 160), c.category, c.status, c.latest_version, c.revision, c.updated_at
FROM capabilities AS c
WHERE c.tenant_id = $1 AND c.deleted_at IS NULL AND c.capability_id = ANY ($2)
ORDER BY c.capability_code

-- parameters: uuid, boolean, integer
SELECT c.capability_id, c.latest_version_id, c.capability_code, c.capability_name, c.composition_keywords, c.description FROM capabilities c
WHERE c.capability_id > $1 AND c.deleted_at IS NULL AND (NOT $2 OR NOT EXISTS (SELECT FROM search_documents d WHERE d.capability_id = c.capability_id))
ORDER BY c.capability_id LIMIT $3 FOR SHARE OF c

-- parameters: character varying, uuid
SELECT c.composition_id, c.catalogue_position, c.document, c.locked_at, c.tenant_id
FROM composition_locks AS c
WHERE c.tenant_id = $1 AND c.composition_id = $2
LIMIT 1

-- parameters: character varying, uuid
SELECT c.composition_id, c.composition_type, c.created_at, c.created_by, c.description, c.details, c.member_revisions, c.name, c.requirements, c.revision, c.tenant_id, c.updated_at
FROM compositions AS c
WHERE c.tenant_id = $1 AND c.composition_id = $2
LIMIT 1

-- parameters: character varying, uuid
SELECT c.composition_id, c.composition_type, c.created_at, c.created_by, c.description, c.details, c.member_revisions, c.name, c.requirements, c.revision, c.tenant_id, c.updated_at, (
    SELECT c0.locked_at
    FROM composition_locks AS c0
    WHERE c0.tenant_id = $1 AND c0.composition_id = c.composition_id
    LIMIT 1)
FROM compositions AS c
WHERE c.tenant_id = $1 AND c.composition_id = $2
LIMIT 1

-- parameters: character varying, integer, integer
SELECT c.composition_id, c.name, c.description, c.composition_type, c.created_at, c.updated_at
FROM compositions AS c
WHERE c.tenant_id = $1
ORDER BY c.name
LIMIT $2 OFFSET $3

-- parameters: character varying
SELECT c.composition_type AS "Type", count(*) AS "Count"
FROM compositions AS c
WHERE c.tenant_id = $1
GROUP BY c.composition_type

-- parameters: 
SELECT c.consumer, greatest(h.position - c.position, 0), (SELECT count(*) FROM parked_events p WHERE p.consumer = c.consumer) FROM event_consumers c, sequence_head h ORDER BY c.consumer

-- parameters: character varying, uuid
SELECT c.document
FROM composition_locks AS c
WHERE c.tenant_id = $1 AND c.composition_id = $2
LIMIT 1

-- parameters: character varying
SELECT c.lifecycle AS "Lifecycle", count(*) AS "Count"
FROM capability_versions AS c
WHERE c.tenant_id = $1 AND EXISTS (
    SELECT 1
    FROM capabilities AS c0
    WHERE c0.tenant_id = $1 AND c0.capability_id = c.capability_id AND c0.deleted_at IS NULL)
GROUP BY c.lifecycle

-- parameters: character varying, uuid
SELECT c.locked_at
FROM composition_locks AS c
WHERE c.tenant_id = $1 AND c.composition_id = $2
LIMIT 1

-- parameters: text, text, uuid
SELECT c.roles, c.scopes FROM api_clients c JOIN tenants t ON t.tenant_id = c.tenant_id AND t.suspended_at IS NULL
WHERE c.tenant_id = $1 AND c.client_id = $2 AND c.revoked_at IS NULL
    AND EXISTS (SELECT FROM api_client_secrets s WHERE s.secret_id = $3 AND s.api_client_id = c.api_client_id AND s.tenant_id = $1 AND s.revoked_at IS NULL)

-- parameters: character varying
SELECT c.status AS "Status", c.category AS "Category", count(*) AS "Count"
FROM capabilities AS c
WHERE c.tenant_id = $1 AND c.deleted_at IS NULL
GROUP BY c.status, c.category

-- parameters: character varying, uuid, text
SELECT c.version_id, c.capability_id, c.content_hash, c.created_at, c.created_by, c.lifecycle, c.lifecycle_message, c.manifest, c.precedence, c.quality_score, c.replaced_by, c.resolution_hash, c.sunset_at, c.tenant_id, c.version
FROM capability_versions AS c
WHERE c.tenant_id = $1 AND c.capability_id = $2 AND c.precedence = $3
LIMIT 1

-- parameters: character varying, uuid
SELECT c.version_id, c.capability_id, c.content_hash, c.created_at, c.created_by, c.lifecycle, c.lifecycle_message, c.manifest, c.precedence, c.quality_score, c.replaced_by, c.resolution_hash, c.sunset_at, c.tenant_id, c.version
FROM capability_versions AS c
WHERE c.tenant_id = $1 AND c.version_id = $2
LIMIT 1

-- parameters: character varying, uuid, integer, integer
SELECT c.version_id, c.version, c.lifecycle, c.lifecycle_message, c.replaced_by, c.sunset_at, c.quality_score, c.created_at, c.created_by, c.precedence
FROM capability_versions AS c
WHERE c.tenant_id = $1 AND c.capability_id = $2
ORDER BY c.precedence DESC
LIMIT $3 OFFSET $4

-- parameters: character varying, date, date, integer
SELECT c0.capability_id, c0.capability_code, u0."Count"
FROM (
    SELECT u.capability_id AS "CapabilityId", COALESCE(sum(u.count), 0.0)::bigint AS "Count"
    FROM usage_daily AS u
    WHERE u.tenant_id = $1 AND u.day >= $2 AND u.day < $3 AND u.kind <> 'root'
    GROUP BY u.capability_id
) AS u0
INNER JOIN (
    SELECT c.capability_id, c.capability_code
    FROM capabilities AS c
    WHERE c.tenant_id = $1 AND c.deleted_at IS NULL
) AS c0 ON u0."CapabilityId" = c0.capability_id
ORDER BY u0."Count" DESC, c0.capability_code
LIMIT $4

-- parameters: text, uuid[]
SELECT capability_id, deleted_at IS NOT NULL FROM capabilities
WHERE tenant_id = $1 AND capability_id = ANY($2) ORDER BY capability_id FOR NO KEY UPDATE

-- parameters: text, text, text, text, text, text, text, text, text, double precision, integer, integer, text, integer, integer
SELECT capability_id, match, static_rank, name_lc FROM search_capabilities($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)

-- parameters: text
SELECT coalesce((SELECT position FROM events WHERE tenant_id = $1 AND position IS NOT NULL ORDER BY position DESC LIMIT 1), 0),
    (SELECT count(*) FROM events WHERE position IS NULL AND tenant_id = $1)

-- parameters: 
SELECT coalesce(array_agg(migration_id), '{}') FROM "__EFMigrationsHistory"

-- parameters: text
SELECT coalesce(max(position), 0) FROM audit_links WHERE tenant_id = $1

-- parameters: character varying
SELECT count(*)
FROM api_clients AS a
WHERE a.tenant_id = $1

-- parameters: character varying
SELECT count(*)
FROM audit_entries AS a
WHERE a.tenant_id = $1

-- parameters: character varying
SELECT count(*)
FROM capabilities AS c
WHERE c.tenant_id = $1 AND c.deleted_at IS NULL

-- parameters: character varying, text
SELECT count(*)
FROM capabilities AS c
WHERE c.tenant_id = $1 AND c.deleted_at IS NULL AND EXISTS (
    SELECT 1
    FROM find_keyword($2) AS f
    WHERE f.capability_id = c.capability_id)

-- parameters: character varying, text
SELECT count(*)
FROM capabilities AS c
WHERE c.tenant_id = $1 AND c.deleted_at IS NULL AND EXISTS (
    SELECT 1
    FROM provided_services AS p
    WHERE p.tenant_id = $1 AND p.version_id = c.latest_version_id AND EXISTS (
        SELECT 1
        FROM names AS n
        WHERE n.tenant_id = $1 AND n.name_id = p.service_id AND n.name = $2))

-- parameters: character varying, uuid
SELECT count(*)
FROM capabilities AS c
WHERE c.tenant_id = $1 AND c.deleted_at IS NULL AND c.capability_id <> $2 AND EXISTS (
    SELECT 1
    FROM dependencies AS d
    WHERE d.tenant_id = $1 AND d.dependency_id = $2 AND d.dependent_id = c.capability_id AND d.dependency_type = 'required')

-- parameters: character varying, uuid
SELECT count(*)
FROM capability_versions AS c
WHERE c.tenant_id = $1 AND c.capability_id = $2

-- parameters: character varying
SELECT count(*)
FROM composition_locks AS c
WHERE c.tenant_id = $1

-- parameters: character varying
SELECT count(*)
FROM compositions AS c
WHERE c.tenant_id = $1

-- parameters: character varying
SELECT count(*)
FROM notification_subscriptions AS n
WHERE n.tenant_id = $1

-- parameters: 
SELECT count(*)
FROM parked_events AS p

-- parameters: 
SELECT count(*)
FROM tenants AS t

-- parameters: character varying, uuid
SELECT count(*)
FROM webhook_deliveries AS w
WHERE w.tenant_id = $1 AND w.webhook_id = $2

-- parameters: character varying
SELECT count(*)
FROM webhooks AS w
WHERE w.tenant_id = $1 AND w.deleted_at IS NULL

-- parameters: 
SELECT count(*) FROM webhook_deliveries WHERE state = 'pending'

-- parameters: character varying
SELECT count(*)::int
FROM notification_subscriptions AS n
WHERE n.tenant_id = $1

-- parameters: character varying
SELECT count(*)::int
FROM webhooks AS w
WHERE w.tenant_id = $1 AND w.deleted_at IS NULL

-- parameters: 
SELECT d.id, d.friendly_name, d.xml
FROM data_protection_keys AS d

-- parameters: character varying, integer
SELECT e.position, e.event_type, e.occurred_at, e.actor, c0.capability_code, c2.version, e.composition_id
FROM events AS e
LEFT JOIN (
    SELECT c.capability_code, c.capability_id AS capability_id0
    FROM capabilities AS c
    WHERE c.tenant_id = $1
) AS c0 ON e.capability_id = c0.capability_id0
LEFT JOIN (
    SELECT c1.version, c1.version_id AS version_id0
    FROM capability_versions AS c1
    WHERE c1.tenant_id = $1
) AS c2 ON e.version_id = c2.version_id0
WHERE e.tenant_id = $1 AND e.position <= (
    SELECT max(s.position)
    FROM sequence_head AS s)
ORDER BY e.position DESC
LIMIT $2

-- parameters: bigint, integer
SELECT e.position, e.tenant_id, e.event_type, e.capability_id, n.name, e.version_id, v.version, e.composition_id, e.webhook_id, e.api_client_id, e.change_id, e.occurred_at, e.actor, e.trace_parent
FROM events e LEFT JOIN names n ON n.name_id = e.capability_id LEFT JOIN capability_versions v ON v.version_id = e.version_id WHERE e.position > $1 AND e.position <= (SELECT position FROM sequence_head) ORDER BY e.position LIMIT $2

-- parameters: text, bigint, bigint, text[], integer
SELECT e.position, e.tenant_id, e.event_type, e.capability_id, n.name, e.version_id, v.version, e.composition_id, e.webhook_id, e.api_client_id, e.change_id, e.occurred_at, e.actor, e.trace_parent
FROM events e LEFT JOIN names n ON n.name_id = e.capability_id LEFT JOIN capability_versions v ON v.version_id = e.version_id WHERE e.tenant_id = $1 AND e.position > $2 AND e.position <= $3 AND e.event_type = ANY($4) ORDER BY e.position LIMIT $5

-- parameters: text
SELECT event::text FROM parked_events WHERE consumer = $1 AND replay_requested_at IS NOT NULL ORDER BY position LIMIT 100

-- parameters: text
SELECT feed_floor FROM tenants WHERE tenant_id = $1

-- parameters: text, text, text, text, text, text, text, text, text, double precision, integer
SELECT found_category, found_status, matches FROM count_capabilities($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- parameters: 
SELECT head, traces FROM assign_positions()

-- parameters: character varying, text, text, timestamp with time zone
SELECT i.tenant_id, i.client_id, i.idempotency_key, i.body, i.created_at, i.expires_at, i.location, i.request_hash, i.status
FROM idempotent_answers AS i
WHERE i.tenant_id = $1 AND i.client_id = $2 AND i.idempotency_key = $3 AND i.expires_at > $4
LIMIT 1

-- parameters: text
SELECT l.ordinal, l.position, l.link_hash, (SELECT count(*) FROM events e WHERE e.tenant_id = $1 AND (e.position > coalesce(l.position, 0) OR e.position IS NULL))
FROM (SELECT) AS one LEFT JOIN LATERAL (SELECT ordinal, position, link_hash FROM audit_links WHERE tenant_id = $1 ORDER BY ordinal DESC LIMIT 1) l ON true

-- parameters: text, bigint
SELECT l.tenant_id, l.ordinal, l.position, l.audit_id, l.change_id, l.entry_hash, l.link_hash FROM audit_links l WHERE l.tenant_id = $1 AND l.ordinal = $2

-- parameters: text[]
SELECT l.tenant_id, l.ordinal, l.position, l.audit_id, l.change_id, l.entry_hash, l.link_hash FROM unnest($1) AS t (id) CROSS JOIN LATERAL (SELECT * FROM audit_links WHERE tenant_id = t.id ORDER BY ordinal DESC LIMIT 1) l

-- parameters: text, bigint, bigint
SELECT l.tenant_id, l.ordinal, l.position, l.audit_id, l.change_id, l.entry_hash, l.link_hash, a.tenant_id, a.audit_id, a.change_id, a.occurred_at, a.actor, a.actor_address, a.action, a.resource_type, a.resource_id, a.before_hash, a.after_hash, a.request_id FROM audit_links l LEFT JOIN audit_entries a ON a.change_id = l.change_id AND a.tenant_id = l.tenant_id
WHERE l.tenant_id = $1 AND l.ordinal BETWEEN $2 AND $3 ORDER BY l.ordinal

-- parameters: character varying, text, uuid
SELECT m.tenant_id, m.client_id, m.client_action_id, m.action_hash, m.created_at, m.result
FROM mobile_actions AS m
WHERE m.tenant_id = $1 AND m.client_id = $2 AND m.client_action_id = $3
LIMIT 1

-- parameters: text, uuid[]
SELECT n.name_id, n.name FROM names n WHERE n.tenant_id = $1 AND n.name_id IN (
    SELECT unnest($2)
    UNION SELECT dependency_id FROM dependencies v WHERE v.tenant_id = $1 AND v.dependent_id = ANY($2)
    UNION SELECT service_id FROM provided_services v WHERE v.tenant_id = $1 AND v.capability_id = ANY($2))

-- parameters: character varying, uuid
SELECT n.subscription_id, n.attempts, n.created_at, n.created_by, n.digest, n.due_at, n.email, n.kinds, n.last_error, n.last_sent_at, n.lease_until, n.mail_id, n.parked_at, n.tenant_id
FROM notification_subscriptions AS n
WHERE n.tenant_id = $1 AND n.subscription_id = $2
LIMIT 1

-- parameters: character varying, integer, integer
SELECT n.subscription_id, n.email, n.kinds, n.digest, n.created_at, n.created_by, n.due_at, n.attempts, n.last_sent_at, n.parked_at, n.last_error
FROM notification_subscriptions AS n
WHERE n.tenant_id = $1
ORDER BY n.email, n.subscription_id
LIMIT $2 OFFSET $3

-- parameters: character varying, uuid
SELECT n.subscription_id, n.email, n.kinds, n.digest, n.created_at, n.created_by, n.due_at, n.attempts, n.last_sent_at, n.parked_at, n.last_error
FROM notification_subscriptions AS n
WHERE n.tenant_id = $1 AND n.subscription_id = $2
LIMIT 1

-- parameters: text
SELECT name_id, name FROM names WHERE tenant_id = $1

-- parameters: integer, integer
SELECT p.parked_event_id, p.attempts, p.consumer, p.error, p.event, p.event_type, p.parked_at, p.position, p.replay_requested_at, p.tenant_id
FROM parked_events AS p
ORDER BY p.position, p.consumer
LIMIT $1 OFFSET $2

-- parameters: character varying, uuid
SELECT p.parked_event_id, p.attempts, p.consumer, p.error, p.event, p.event_type, p.parked_at, p.position, p.replay_requested_at, p.tenant_id
FROM parked_events AS p
WHERE p.tenant_id = $1 AND p.parked_event_id = $2
LIMIT 1

-- parameters: uuid
SELECT p.tenant_id
FROM parked_events AS p
WHERE p.parked_event_id = $1
LIMIT 1

-- parameters: 
SELECT pg_advisory_unlock(8463215221470687088)

-- parameters: 
SELECT pg_advisory_xact_lock(107156823304302)

-- parameters: text
SELECT pg_advisory_xact_lock(hashtextextended($1, 0))

-- parameters: 
SELECT pg_try_advisory_lock(8463215221470687088)

-- parameters: 
SELECT pg_try_advisory_xact_lock(8463215221470885229)

-- parameters: text
SELECT position FROM event_consumers WHERE consumer = $1

-- parameters: text, bigint, bigint
SELECT position FROM events WHERE tenant_id = $1 AND position > $2 AND position <= $3 ORDER BY position LIMIT 1

-- parameters: 
SELECT position FROM sequence_head

-- parameters: text
SELECT position, coalesce((SELECT feed_floor FROM tenants WHERE tenant_id = $1), 0) FROM sequence_head

-- parameters: 
SELECT publish_positions()

-- parameters: date
SELECT scored_on < $1 IS NOT FALSE FROM usage_roll_up

-- parameters: text
SELECT set_config('registry.tenant_id', $1, false)

-- parameters: text
SELECT set_config('registry.tenant_id', $1, true)

-- parameters: character varying
SELECT t.tenant_id, t.created_at, t.created_by, t.feed_floor, t.name, t.revision, t.suspended_at, t.updated_at
FROM tenants AS t
WHERE t.tenant_id = $1
LIMIT 1

-- parameters: integer, integer
SELECT t.tenant_id, t.name, t.suspended_at IS NOT NULL, t.created_at, t.created_by, t.updated_at, t.suspended_at
FROM tenants AS t
ORDER BY t.tenant_id
LIMIT $1 OFFSET $2

-- parameters: 
SELECT tenant_id FROM tenants ORDER BY tenant_id

-- parameters: text[]
SELECT tenant_id, webhook_id, events FROM webhooks WHERE enabled AND tenant_id = ANY ($1)

-- parameters: character varying, date, date
SELECT u0."Hour", u0.day, u0.kind, COALESCE(sum(u0.count), 0.0)::bigint
FROM (
    SELECT u.day, u.kind, u.count, NULL AS "Hour"
    FROM usage_daily AS u
    WHERE u.tenant_id = $1 AND u.day >= $2 AND u.day < $3
) AS u0
GROUP BY u0."Hour", u0.day, u0.kind

-- parameters: text
SELECT v.capability_id, c.capability_code, v.version_id, v.version, v.lifecycle
FROM capability_versions v JOIN capabilities c ON c.capability_id = v.capability_id AND c.tenant_id = v.tenant_id AND c.deleted_at IS NULL
WHERE v.tenant_id = $1

-- parameters: text, uuid[]
SELECT v.capability_id, c.capability_code, v.version_id, v.version, v.lifecycle
FROM capability_versions v JOIN capabilities c ON c.capability_id = v.capability_id AND c.tenant_id = v.tenant_id AND c.deleted_at IS NULL
WHERE v.tenant_id = $1 AND v.capability_id = ANY($2)

-- parameters: text, uuid[], text[]
SELECT v.capability_id, v.precedence, v.version_id, v.content_hash, v.resolution_hash
FROM unnest($2, $3) AS asked (capability_id, precedence)
CROSS JOIN LATERAL (
    SELECT * FROM capability_versions WHERE capability_id = asked.capability_id AND precedence = asked.precedence OFFSET 0) AS v
WHERE v.tenant_id = $1

-- parameters: text
SELECT v.manifest::text, v.lifecycle, v.lifecycle_message, v.replaced_by, v.sunset_at
FROM capabilities c JOIN capability_versions v ON v.tenant_id = c.tenant_id AND v.capability_id = c.capability_id
WHERE c.tenant_id = $1 AND c.deleted_at IS NULL ORDER BY c.capability_code, v.precedence

-- parameters: text
SELECT v.version_id, v.position, v.alternative, v.dependency_id, v.version_range, v.dependency_type FROM dependencies v WHERE v.tenant_id = $1

-- parameters: text, uuid[]
SELECT v.version_id, v.position, v.alternative, v.dependency_id, v.version_range, v.dependency_type FROM dependencies v WHERE v.tenant_id = $1 AND v.dependent_id = ANY($2)

-- parameters: text
SELECT v.version_id, v.service_id, v.service_version FROM provided_services v WHERE v.tenant_id = $1

-- parameters: text, uuid[]
SELECT v.version_id, v.service_id, v.service_version FROM provided_services v WHERE v.tenant_id = $1 AND v.capability_id = ANY($2)

-- parameters: character varying, uuid, uuid
SELECT w.delivery_id, w.attempts, w.created_at, w.due_at, w.event_type, w.finished_at, w.last_status, w.lease_id, w.leased_until, w.payload, w.position, w.state, w.tenant_id, w.tries, w.webhook_id
FROM webhook_deliveries AS w
WHERE w.tenant_id = $1 AND w.delivery_id = $2 AND w.webhook_id = $3 AND EXISTS (
    SELECT 1
    FROM webhooks AS w0
    WHERE w0.tenant_id = $1 AND w0.webhook_id = $3 AND w0.deleted_at IS NULL)
LIMIT 1

-- parameters: character varying, uuid, integer, integer
SELECT w.delivery_id, w.event_type, w.position, w.state, w.attempts, w.last_status, w.created_at, CASE
    WHEN w.state = 'pending' THEN w.due_at
END, w.finished_at
FROM webhook_deliveries AS w
WHERE w.tenant_id = $1 AND w.webhook_id = $2
ORDER BY w.delivery_id DESC
LIMIT $3 OFFSET $4

-- parameters: character varying, uuid
SELECT w.number, w.started_at, w.duration_ms, w.status, w.error, w.response
FROM webhook_attempts AS w
WHERE w.tenant_id = $1 AND w.delivery_id = $2
ORDER BY w.number

-- parameters: character varying, uuid
SELECT w.webhook_id, w.created_at, w.created_by, w.deleted_at, w.description, w.disabled_at, w.disabled_reason, w.enabled, w.events, w.failing_since, w.previous_secret, w.previous_secret_expires_at, w.revision, w.secret, w.tenant_id, w.updated_at, w.url
FROM webhooks AS w
WHERE w.tenant_id = $1 AND w.webhook_id = $2 AND w.deleted_at IS NULL
LIMIT 1

-- parameters: character varying, uuid
SELECT w.webhook_id, w.created_at, w.created_by, w.deleted_at, w.description, w.disabled_at, w.disabled_reason, w.enabled, w.events, w.failing_since, w.previous_secret, w.previous_secret_expires_at, w.revision, w.secret, w.tenant_id, w.updated_at, w.url
FROM webhooks AS w
WHERE w.tenant_id = $1 AND w.webhook_id = $2 AND w.enabled
LIMIT 1

-- parameters: character varying, integer, integer
SELECT w.webhook_id, w.url, w.description, w.events, w.enabled, w.disabled_at, w.disabled_reason, w.failing_since, w.previous_secret_expires_at, w.created_at, w.created_by, w.updated_at
FROM webhooks AS w
WHERE w.tenant_id = $1 AND w.deleted_at IS NULL
ORDER BY w.webhook_id
LIMIT $2 OFFSET $3

-- parameters: timestamp with time zone, uuid
UPDATE api_client_secrets SET revoked_at = $1
WHERE secret_id = $2

-- parameters: bigint, timestamp with time zone, timestamp with time zone, uuid, bigint
UPDATE api_clients SET revision = $1, revoked_at = $2, updated_at = $3
WHERE api_client_id = $4 AND revision = $5

-- parameters: bigint, text[], timestamp with time zone, uuid, bigint
UPDATE api_clients SET revision = $1, roles = $2, updated_at = $3
WHERE api_client_id = $4 AND revision = $5

-- parameters: bigint, timestamp with time zone, uuid, bigint
UPDATE api_clients SET revision = $1, updated_at = $2
WHERE api_client_id = $3 AND revision = $4

-- parameters: text, text, text, bigint, timestamp with time zone, uuid, bigint
UPDATE capabilities SET capability_name = $1, category = $2, description = $3, revision = $4, updated_at = $5
WHERE capability_id = $6 AND revision = $7

-- parameters: timestamp with time zone, bigint, timestamp with time zone, uuid, bigint
UPDATE capabilities SET deleted_at = $1, revision = $2, updated_at = $3
WHERE capability_id = $4 AND revision = $5

-- parameters: text, bigint, timestamp with time zone, uuid, bigint
UPDATE capabilities SET description = $1, revision = $2, updated_at = $3
WHERE capability_id = $4 AND revision = $5

-- parameters: bigint, text, timestamp with time zone, uuid, bigint
UPDATE capabilities SET revision = $1, status = $2, updated_at = $3
WHERE capability_id = $4 AND revision = $5

-- parameters: bigint, timestamp with time zone, uuid, bigint
UPDATE capabilities SET revision = $1, updated_at = $2
WHERE capability_id = $3 AND revision = $4

-- parameters: text, timestamp with time zone, uuid[], text[], text[], text[], text[], text[], text[], text[], uuid[], text[], text[], double precision[]
UPDATE capabilities c SET capability_name = new.name, description = new.description, category = new.category, subcategory = new.subcategory,
    composition_keywords = coalesce((SELECT array_agg(k) FROM json_array_elements_text(new.keywords) AS k), '{}'), details = new.details,
    latest_version_id = new.version_id, latest_version = new.version, latest_rank = new.rank, quality_score = new.quality,
    updated_at = $2, revision = c.revision + 1
FROM unnest($3, $4, $5, $6, $7, $8, $9::json[], $10::json[], $11, $12, $13, $14)
    AS new (id, code, name, description, category, subcategory, keywords, details, version_id, version, rank, quality)
WHERE c.tenant_id = $1 AND c.capability_id = new.id AND new.rank >= c.latest_rank

-- parameters: text, text, uuid
UPDATE capability_versions SET lifecycle = $1, lifecycle_message = $2
WHERE version_id = $3

-- parameters: text, text, text, timestamp with time zone, uuid
UPDATE capability_versions SET lifecycle = $1, lifecycle_message = $2, replaced_by = $3, sunset_at = $4
WHERE version_id = $5

-- parameters: bigint, json, timestamp with time zone, uuid, timestamp with time zone
UPDATE composition_locks SET catalogue_position = $1, document = $2, locked_at = $3
WHERE composition_id = $4 AND locked_at = $5

-- parameters: text, json, json, text, json, bigint, timestamp with time zone, uuid, bigint
UPDATE compositions SET composition_type = $1, details = $2, member_revisions = $3, name = $4, requirements = $5, revision = $6, updated_at = $7
WHERE composition_id = $8 AND revision = $9

-- parameters: text, json, json, text, bigint, timestamp with time zone, uuid, bigint
UPDATE compositions SET description = $1, details = $2, member_revisions = $3, name = $4, revision = $5, updated_at = $6
WHERE composition_id = $7 AND revision = $8

-- parameters: text, text, bigint, bigint, interval
UPDATE event_consumers SET position = $4, attempts = 0, retry_at = NULL, last_error = NULL, lease_until = now() + $5, updated_at = now()
WHERE consumer = $1 AND lease_owner = $2 AND position = $3

-- parameters: text, text, interval
UPDATE event_consumers c SET lease_owner = $2, lease_until = now() + $3, updated_at = now()
FROM sequence_head h
WHERE c.consumer = $1 AND c.position < h.position AND (c.retry_at IS NULL OR c.retry_at <= now()) AND (c.lease_owner = $2 OR c.lease_until IS NULL OR c.lease_until < now())
RETURNING c.position, c.attempts

-- parameters: timestamp with time zone, uuid
UPDATE parked_events SET replay_requested_at = $1
WHERE parked_event_id = $2

-- parameters: integer
UPDATE search_documents d SET static_rank = new.static_rank
FROM (
    SELECT o.capability_id, search_rank(o.name_words, c.popularity_score, c.quality_score, c.status) AS static_rank
    FROM search_documents o JOIN capabilities c ON c.capability_id = o.capability_id
    WHERE o.static_rank <> search_rank(o.name_words, c.popularity_score, c.quality_score, c.status) LIMIT $1) AS new
WHERE d.capability_id = new.capability_id
RETURNING d.capability_id

-- parameters: text, bigint, timestamp with time zone, character varying, bigint
UPDATE tenants SET name = $1, revision = $2, updated_at = $3
WHERE tenant_id = $4 AND revision = $5

-- parameters: date
UPDATE usage_roll_up SET scored_on = $1

-- parameters: date, timestamp with time zone
UPDATE usage_roll_up SET summed_on = greatest(summed_on, $1), summed_at = $2

-- parameters: timestamp with time zone, integer, uuid
UPDATE webhook_deliveries SET due_at = $1, tries = $2
WHERE delivery_id = $3

-- parameters: uuid, timestamp with time zone
UPDATE webhook_deliveries SET state = 'cancelled', finished_at = $2, leased_until = NULL, lease_id = NULL
WHERE webhook_id = $1 AND state = 'pending' AND due_at <= $2 AND NOT EXISTS (SELECT FROM webhooks w WHERE w.webhook_id = $1 AND w.enabled)

-- parameters: timestamp with time zone, boolean, bigint, bytea, timestamp with time zone, uuid, bigint
UPDATE webhooks SET deleted_at = $1, enabled = $2, revision = $3, secret = $4, updated_at = $5
WHERE webhook_id = $6 AND revision = $7

-- parameters: text, bigint, timestamp with time zone, text, uuid, bigint
UPDATE webhooks SET description = $1, revision = $2, updated_at = $3, url = $4
WHERE webhook_id = $5 AND revision = $6

-- parameters: text[], bigint, timestamp with time zone, uuid, bigint
UPDATE webhooks SET events = $1, revision = $2, updated_at = $3
WHERE webhook_id = $4 AND revision = $5

-- parameters: bytea, timestamp with time zone, bigint, bytea, timestamp with time zone, uuid, bigint
UPDATE webhooks SET previous_secret = $1, previous_secret_expires_at = $2, revision = $3, secret = $4, updated_at = $5
WHERE webhook_id = $6 AND revision = $7

-- parameters: timestamp with time zone, integer
UPDATE webhooks SET previous_secret = NULL, previous_secret_expires_at = NULL WHERE ctid = ANY (ARRAY (
    SELECT ctid FROM webhooks WHERE previous_secret_expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED))

-- parameters: timestamp with time zone, integer
WITH doomed AS (
    SELECT e.event_id FROM events e
    WHERE e.position <= coalesce((SELECT min(position) FROM event_consumers), 0) AND e.occurred_at < $1
        AND EXISTS (SELECT FROM events later WHERE later.tenant_id = e.tenant_id AND later.position > e.position)
    ORDER BY e.position LIMIT $2 FOR UPDATE SKIP LOCKED),
gone AS (
    DELETE FROM events WHERE event_id IN (SELECT event_id FROM doomed) RETURNING tenant_id, position),
floors AS (
    UPDATE tenants t SET feed_floor = greatest(t.feed_floor, f.position)
    FROM (SELECT tenant_id, max(position) AS position FROM gone GROUP BY tenant_id) f WHERE t.tenant_id = f.tenant_id)
SELECT count(*)::int FROM gone

-- parameters: text, text[], uuid[]
WITH known AS MATERIALIZED (
    SELECT asked.name, n.name_id FROM unnest($2) AS asked (name) CROSS JOIN LATERAL (SELECT name_id FROM names WHERE tenant_id = $1 AND name = asked.name OFFSET 0) AS n),
made AS (
    INSERT INTO names (tenant_id, name_id, name)
    SELECT $1, id, name FROM unnest($3, $2) AS new (id, name) WHERE name NOT IN (SELECT name FROM known)
    ON CONFLICT (tenant_id, name) DO NOTHING RETURNING name, name_id)
SELECT name, name_id FROM known UNION ALL SELECT name, name_id FROM made

-- parameters: uuid, uuid, text, timestamp with time zone, timestamp with time zone, smallint, text, text, boolean, uuid, timestamp with time zone, integer
WITH marked AS (
    UPDATE webhooks SET failing_since = CASE WHEN $9 THEN NULL ELSE $5 END WHERE webhook_id = $10 AND (failing_since IS NULL) <> $9),
recorded AS (
    UPDATE webhook_deliveries SET attempts = attempts + 1, last_status = $6,
        tries = CASE WHEN lease_id = $2 THEN tries + 1 ELSE tries END,
        state = CASE WHEN lease_id = $2 THEN $3 ELSE state END,
        due_at = CASE WHEN lease_id = $2 THEN $4 ELSE due_at END,
        finished_at = CASE WHEN lease_id = $2 AND $3 <> 'pending' THEN $11 ELSE finished_at END,
        leased_until = CASE WHEN lease_id = $2 THEN NULL ELSE leased_until END,
        lease_id = CASE WHEN lease_id = $2 THEN NULL ELSE lease_id END
    WHERE delivery_id = $1 RETURNING tenant_id, delivery_id, attempts)
INSERT INTO webhook_attempts (tenant_id, delivery_id, number, started_at, duration_ms, status, error, response)
SELECT tenant_id, delivery_id, attempts, $5, $12, $6, $7, $8 FROM recorded

-- parameters: timestamp with time zone, timestamp with time zone, uuid, uuid[], integer[], integer, integer, integer
WITH sending AS (SELECT * FROM unnest($4::uuid[], $5::int[]) AS s (webhook_id, busy)),
due AS MATERIALIZED (
    SELECT d.delivery_id, d.webhook_id, d.due_at, d.position, coalesce(s.busy, 0) AS busy FROM webhook_deliveries d LEFT JOIN sending s ON s.webhook_id = d.webhook_id
    WHERE d.state = 'pending' AND d.due_at <= $1 AND (d.leased_until IS NULL OR d.leased_until <= $1) AND coalesce(s.busy, 0) < $6
    ORDER BY d.due_at LIMIT $7),
fair AS (
    SELECT t.delivery_id FROM (SELECT *, row_number() OVER (PARTITION BY webhook_id ORDER BY due_at, position) AS turn FROM due) t
    WHERE t.busy + t.turn <= $6 ORDER BY t.due_at, t.position LIMIT $8),
mine AS (
    SELECT d.delivery_id FROM webhook_deliveries d WHERE d.delivery_id IN (SELECT delivery_id FROM fair)
        AND d.state = 'pending' AND d.due_at <= $1 AND (d.leased_until IS NULL OR d.leased_until <= $1) FOR UPDATE SKIP LOCKED)
UPDATE webhook_deliveries d SET leased_until = $2, lease_id = $3 FROM mine, webhooks w WHERE d.delivery_id = mine.delivery_id AND w.webhook_id = d.webhook_id
RETURNING d.tenant_id, d.delivery_id, d.webhook_id, d.payload, d.tries, w.url, w.enabled, w.secret, w.previous_secret, w.previous_secret_expires_at
