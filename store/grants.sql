-- What a user of Postgres needs to serve a desk: to read and write rows, each table only as the program writes it, and to
-- make or change no table. History, receipts of events, refusals and digests are added to, and never changed or erased.
-- `tsunagi migrate --user` runs this.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO :"user";
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO :"user";
GRANT INSERT ON answers, cards, chunks, closed_channels, contacts, counters, deliveries, departments, digests, drafts,
    failures, files, held_words, history, inbox, messages, particulars, processes, proposals, referrals, refusals,
    restorations, signatures, tombstones, topics, words TO :"user";
GRANT UPDATE ON answers, cards, closed_channels, contacts, counters, deliveries, departments, drafts, epoch, failures,
    files, messages, particulars, processes, proposals, referrals, restorations, signatures TO :"user";
GRANT DELETE ON answers, cards, chunks, closed_channels, held_words, processes, topics, words TO :"user";
