-- Statements that fill an archive of :n proposals, the newest :open of them open, of :people contacts. Those parted by a
-- line of dashes may run at the same time. The tables titles_made and organizations_made hold the words.

INSERT INTO contacts (id, line_user, organization, name, heard_at, created_at, revision) OVERRIDING SYSTEM VALUE
SELECT i, 'Uaaaa' || lpad(to_hex(i), 28, '0'), o.organization, '担当 ' || i, now(), now() - interval '1 year', 20
FROM generate_series(1, :people) i JOIN organizations_made o ON o.n = i % :organizations
----
WITH filed AS (
INSERT INTO proposals (id, kind, number, fiscal_year, seq, contact, organization, contact_name, title, topics, state,
	open, owner, next_date, outcome, received_at, changed_at, revision) OVERRIDING SYSTEM VALUE
SELECT i, CASE WHEN i % 12 = 0 THEN 'consultation' ELSE 'proposal' END, number, year, seq,
	CASE WHEN i % 500 = 0 THEN 1 ELSE i::bigint * 7919 % :people + 1 END, o.organization, '担当 ' || i, t.title,
	ARRAY[(:topics)[i % 11 + 1], (:topics)[(i + 3) % 11 + 1]], state,
	open, CASE WHEN open AND i % 5 > 0 THEN 'U0CLERK' || (i % 3) ELSE '' END, CASE WHEN open THEN current_date - 3 + i % 20 END,
	CASE WHEN state = 'declined' THEN 'no_capacity' ELSE '' END, now() - (:n - i) * interval '1 minute', now(), 5
FROM (
	SELECT i, 2007 + (i - 1) / 50000 AS year, (i - 1) % 50000 + 1 AS seq, i > :n - :open AS open,
		'K' || 2007 + (i - 1) / 50000 || '-' || lpad(((i - 1) % 50000 + 1)::text, CASE WHEN (i - 1) % 50000 < 9999 THEN 4 ELSE 5 END, '0') AS number,
		CASE WHEN i > :n - :open
			THEN (ARRAY['received', 'screening', 'coordinating', 'in_dialogue', 'preparing', 'in_progress', 'on_hold'])[i % 7 + 1]
			ELSE (ARRAY['reported', 'reported', 'reported', 'reported', 'declined', 'declined', 'out_of_scope', 'withdrawn', 'handed_off'])[i % 9 + 1]
		END AS state
	FROM generate_series(1, :n) i
) made
JOIN titles_made t ON t.n = CASE WHEN i % 5000 = 77 THEN -3 WHEN i % 1000 = 13 THEN -2 WHEN i < :n / 20 AND i % 3 = 0 THEN -1
	ELSE i * 31 % :titles END
JOIN organizations_made o ON o.n = (i * 17 + i / 400) % :organizations
RETURNING proposals.id, proposals.organization || E'\n' || proposals.title AS text)
INSERT INTO words (proposal, text, pairs)
SELECT id, text, ARRAY(
	SELECT DISTINCT (id >> 12 << 42) | (ascii(substr(text, at, 1))::bigint << 21) | ascii(substr(text, at + 1, 1))
	FROM generate_series(1, length(text) - 1) at WHERE strpos(substr(text, at, 2), E'\n') = 0)
FROM filed ORDER BY id
----
INSERT INTO topics (topic, proposal)
SELECT t, i FROM generate_series(1, :n) i, LATERAL (VALUES ((:topics)[i % 11 + 1]), ((:topics)[(i + 3) % 11 + 1])) v (t)
----
INSERT INTO referrals (proposal, department, note, due, cleared, verdict, asked_by, asked_at, answered_by, answered_at)
SELECT i, d, 'ご確認をお願いします', current_date, '{idea}', (ARRAY['join', 'consider', 'ask', 'unable', 'other'])[i % 5 + 1],
	'U0CLERK', now(), 'U0STAFF', now()
FROM generate_series(1, :n) i, LATERAL (VALUES ((:departments)[i % 13 + 1]), ((:departments)[(i + 5) % 13 + 1])) v (d)
----
INSERT INTO particulars (proposal, position, field, label, kind, answer, shown, private, protected)
SELECT i, p, 'field' || p, '項目', 'text', '{"text": "市内を回る配達員が異変に気づいたときに知らせます"}', '市内を回る配達員が異変に気づいたときに知らせます', false, p = 6
FROM generate_series(10, :n, 10) i, generate_series(0, 12) p
----
INSERT INTO history (proposal, event, from_state, to_state, actor, why, at)
SELECT i, e, 'received', 'screening', 'U0CLERK', '', now()
FROM generate_series(1, :n) i, LATERAL (VALUES ('submitted'), ('taken'), ('asked')) v (e)
----
INSERT INTO messages (proposal, contact, direction, kind, body, author, line_message, confirmed_at, created_at)
SELECT i, i::bigint * 7919 % :people + 1, 'in', 'text', 'ご連絡ありがとうございます', 'U', (600000000000000000 + i)::text, NULL, now()
FROM generate_series(2, :n, 2) i
----
INSERT INTO cards (proposal, department, channel, ts)
SELECT i, d, 'C0DESK', 1700000000 + i || '.' || lpad(length(d)::text, 6, '0')
FROM generate_series(1, :n) i, LATERAL (VALUES (''), ((:departments)[i % 13 + 1])) v (d)
ON CONFLICT DO NOTHING
----
INSERT INTO deliveries (id, lane, event, kind, args, matters, state, proposal, not_before, receipt, created_at, sent_at)
SELECT gen_random_uuid(), 'slack/C0DESK/' || i, '01OLD' || i, 'card', jsonb_build_object('proposal', i::text, 'department', ''), true,
	CASE WHEN i % 20000 = 5 THEN 'dead' ELSE 'sent' END, i, now() - interval '1 day', '{"channel": "C0DESK", "ts": "1700000000.000001"}', now(), now()
FROM generate_series(1, :n) i
----
INSERT INTO inbox (id, taken_at) SELECT '01OLD' || i, now() - (:n - i) * interval '1 minute' FROM generate_series(1, :n) i
----
INSERT INTO counters (fiscal_year, last) SELECT year, 50000 FROM generate_series(2007, 2060) year
