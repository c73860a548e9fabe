"""The first schema: records, operations, drafts, lists. Frozen on the day it was written; never imports living tables.

Revision ID: 0001
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SYNCED = (
    "village",
    "household",
    "household_member",
    "review_round",
    "survey",
    "class_record",
    "support_batch",
    "support_line",
    "household_share",
    "conflict",
    "account",
)

TABLES = (
    """
    CREATE TABLE village ( id VARCHAR(36) NOT NULL, commune_code VARCHAR(5) NOT NULL, name VARCHAR NOT NULL, kind VARCHAR
    NOT NULL, area_class VARCHAR NOT NULL, position INTEGER NOT NULL, valid_from VARCHAR, valid_to VARCHAR, last_op
    VARCHAR(36) NOT NULL, rev INTEGER NOT NULL, changed_by VARCHAR, changed_at VARCHAR, deleted BOOLEAN NOT NULL,
    deleted_reason VARCHAR, CONSTRAINT pk_village PRIMARY KEY (id) )
    """,
    """
    CREATE TABLE household ( id VARCHAR(36) NOT NULL, commune_code VARCHAR(5) NOT NULL, village_id VARCHAR(36),
    household_code VARCHAR, permanent_address VARCHAR, current_address VARCHAR, phone VARCHAR, has_merit_member BOOLEAN,
    no_labour_capacity BOOLEAN, presence VARCHAR NOT NULL, joined_on VARCHAR, joined_reason VARCHAR, left_on VARCHAR,
    left_reason VARCHAR, note VARCHAR, last_op VARCHAR(36) NOT NULL, rev INTEGER NOT NULL, changed_by VARCHAR, changed_at
    VARCHAR, deleted BOOLEAN NOT NULL, deleted_reason VARCHAR, CONSTRAINT pk_household PRIMARY KEY (id) )
    """,
    """
    CREATE TABLE account ( id VARCHAR(36) NOT NULL, user_id VARCHAR(36) NOT NULL, full_name VARCHAR NOT NULL, last_op
    VARCHAR(36) NOT NULL, rev INTEGER NOT NULL, changed_by VARCHAR, changed_at VARCHAR, deleted BOOLEAN NOT NULL,
    deleted_reason VARCHAR, CONSTRAINT pk_account PRIMARY KEY (id) )
    """,
    "CREATE INDEX ix_household_village_id ON household (village_id)",
    """
    CREATE TABLE household_member ( id VARCHAR(36) NOT NULL, household_id VARCHAR(36) NOT NULL, position INTEGER NOT NULL,
    full_name VARCHAR, relation_to_head INTEGER, sex INTEGER, birth_date VARCHAR, personal_id_number VARCHAR, id_issued_on
    VARCHAR, ethnic_group VARCHAR, activity_status INTEGER, presence VARCHAR NOT NULL, left_on VARCHAR, note VARCHAR,
    last_op VARCHAR(36) NOT NULL, rev INTEGER NOT NULL, changed_by VARCHAR, changed_at VARCHAR, deleted BOOLEAN NOT NULL,
    deleted_reason VARCHAR, CONSTRAINT pk_household_member PRIMARY KEY (id) )
    """,
    "CREATE INDEX ix_household_member_household_id ON household_member (household_id)",
    "CREATE INDEX ix_household_member_personal_id_number ON household_member (personal_id_number)",
    """
    CREATE TABLE review_round ( id VARCHAR(36) NOT NULL, commune_code VARCHAR(5) NOT NULL, year INTEGER NOT NULL, kind
    VARCHAR NOT NULL, standard_id VARCHAR NOT NULL, starts_on VARCHAR NOT NULL, ends_on VARCHAR NOT NULL, form_id VARCHAR
    NOT NULL, form_version VARCHAR NOT NULL, form_hash VARCHAR NOT NULL, decision_no VARCHAR, decided_on VARCHAR, state
    VARCHAR NOT NULL, last_op VARCHAR(36) NOT NULL, rev INTEGER NOT NULL, changed_by VARCHAR, changed_at VARCHAR, deleted
    BOOLEAN NOT NULL, deleted_reason VARCHAR, CONSTRAINT pk_review_round PRIMARY KEY (id) )
    """,
    """
    CREATE TABLE survey ( id VARCHAR(36) NOT NULL, round_id VARCHAR(36) NOT NULL, household_id VARCHAR(36) NOT NULL, state
    VARCHAR NOT NULL, surveyed_on VARCHAR, enumerator VARCHAR, form_id VARCHAR NOT NULL, form_version VARCHAR NOT NULL,
    form_hash VARCHAR NOT NULL, standard_id VARCHAR NOT NULL, area_class VARCHAR NOT NULL, answers TEXT NOT NULL, b1_score
    INTEGER, b1_source VARCHAR, b2_score INTEGER, deprivations TEXT NOT NULL, deprivation_reasons TEXT NOT NULL,
    household_class VARCHAR, rule TEXT NOT NULL, causes TEXT NOT NULL, needs TEXT NOT NULL, accepted_doubts TEXT NOT NULL,
    last_op VARCHAR(36) NOT NULL, rev INTEGER NOT NULL, changed_by VARCHAR, changed_at VARCHAR, deleted BOOLEAN NOT NULL,
    deleted_reason VARCHAR, CONSTRAINT pk_survey PRIMARY KEY (id) )
    """,
    "CREATE INDEX ix_survey_household_id ON survey (household_id)",
    "CREATE INDEX ix_survey_round_id ON survey (round_id)",
    """
    CREATE TABLE class_record ( id VARCHAR(36) NOT NULL, household_id VARCHAR(36) NOT NULL, household_class VARCHAR NOT
    NULL, effective_on VARCHAR NOT NULL, decided_on VARCHAR, decision_no VARCHAR, survey_id VARCHAR, round_id VARCHAR,
    origin VARCHAR NOT NULL, member_count INTEGER, last_op VARCHAR(36) NOT NULL, rev INTEGER NOT NULL, changed_by VARCHAR,
    changed_at VARCHAR, deleted BOOLEAN NOT NULL, deleted_reason VARCHAR, CONSTRAINT pk_class_record PRIMARY KEY (id) )
    """,
    "CREATE INDEX ix_class_record_household_id ON class_record (household_id)",
    """
    CREATE TABLE support_batch ( id VARCHAR(36) NOT NULL, commune_code VARCHAR(5) NOT NULL, batch_no VARCHAR NOT NULL,
    name VARCHAR NOT NULL, programme_key VARCHAR NOT NULL, project_no VARCHAR, decision_no VARCHAR, decided_on VARCHAR NOT
    NULL, handover_on VARCHAR, handover_place VARCHAR, supplier VARCHAR, note VARCHAR, last_op VARCHAR(36) NOT NULL, rev
    INTEGER NOT NULL, changed_by VARCHAR, changed_at VARCHAR, deleted BOOLEAN NOT NULL, deleted_reason VARCHAR, CONSTRAINT
    pk_support_batch PRIMARY KEY (id) )
    """,
    """
    CREATE TABLE support_line ( id VARCHAR(36) NOT NULL, batch_id VARCHAR(36) NOT NULL, position INTEGER NOT NULL,
    support_kind VARCHAR NOT NULL, item_name VARCHAR NOT NULL, specification VARCHAR, unit VARCHAR NOT NULL, quantity
    INTEGER NOT NULL, funding TEXT NOT NULL, last_op VARCHAR(36) NOT NULL, rev INTEGER NOT NULL, changed_by VARCHAR,
    changed_at VARCHAR, deleted BOOLEAN NOT NULL, deleted_reason VARCHAR, CONSTRAINT pk_support_line PRIMARY KEY (id) )
    """,
    "CREATE INDEX ix_support_line_batch_id ON support_line (batch_id)",
    """
    CREATE TABLE household_share ( id VARCHAR(36) NOT NULL, line_id VARCHAR(36) NOT NULL, batch_id VARCHAR(36) NOT NULL,
    household_id VARCHAR(36) NOT NULL, receiver_name VARCHAR, receiver_member_id VARCHAR, position INTEGER NOT NULL,
    quantity INTEGER NOT NULL, funding TEXT NOT NULL, class_on_decision VARCHAR, override_reason VARCHAR, receipt VARCHAR
    NOT NULL, received_on VARCHAR, receipt_note VARCHAR, last_op VARCHAR(36) NOT NULL, rev INTEGER NOT NULL, changed_by
    VARCHAR, changed_at VARCHAR, deleted BOOLEAN NOT NULL, deleted_reason VARCHAR, CONSTRAINT pk_household_share PRIMARY
    KEY (id) )
    """,
    "CREATE INDEX ix_household_share_batch_id ON household_share (batch_id)",
    "CREATE INDEX ix_household_share_household_id ON household_share (household_id)",
    "CREATE INDEX ix_household_share_line_id ON household_share (line_id)",
    """
    CREATE TABLE "conflict" ( id VARCHAR(36) NOT NULL, of_entity VARCHAR NOT NULL, of_id VARCHAR(36) NOT NULL, field
    VARCHAR NOT NULL, current TEXT, current_rev INTEGER NOT NULL, current_by VARCHAR, current_at VARCHAR, other TEXT,
    other_op VARCHAR NOT NULL, other_by VARCHAR, other_at VARCHAR, saw TEXT, state VARCHAR NOT NULL, chosen TEXT, reason
    VARCHAR, last_op VARCHAR(36) NOT NULL, rev INTEGER NOT NULL, changed_by VARCHAR, changed_at VARCHAR, deleted BOOLEAN
    NOT NULL, deleted_reason VARCHAR, CONSTRAINT pk_conflict PRIMARY KEY (id) )
    """,
    """
    CREATE INDEX ix_conflict_of_id ON "conflict" (of_id)
    """,
    """
    CREATE TABLE access_log ( seq INTEGER NOT NULL, entry TEXT NOT NULL, chain BLOB NOT NULL, CONSTRAINT pk_access_log
    PRIMARY KEY (seq) )
    """,
    """
    CREATE TABLE draft ( id TEXT NOT NULL, kind TEXT NOT NULL, subject_id TEXT NOT NULL, household_id TEXT, title TEXT NOT
    NULL, owner TEXT NOT NULL, epoch INTEGER DEFAULT '0' NOT NULL, rev INTEGER DEFAULT '0' NOT NULL, own_seq INTEGER
    DEFAULT '0' NOT NULL, opened TEXT NOT NULL, notes TEXT NOT NULL, updated_at TEXT NOT NULL, CONSTRAINT pk_draft PRIMARY
    KEY (id) ) WITHOUT ROWID
    """,
    "CREATE INDEX ix_draft_subject_id ON draft (subject_id)",
    """
    CREATE TABLE form_release ( form_id TEXT NOT NULL, version TEXT NOT NULL, hash TEXT NOT NULL, title TEXT, xml BLOB NOT
    NULL, kept_at TEXT, CONSTRAINT pk_form_release PRIMARY KEY (form_id, version) )
    """,
    """
    CREATE TABLE household_line ( "key" INTEGER NOT NULL, household_id TEXT NOT NULL, living INTEGER DEFAULT '0' NOT NULL,
    sort TEXT NOT NULL, village_id TEXT, village_name TEXT, household_code TEXT, head_name TEXT, personal_id_tail TEXT,
    member_count INTEGER DEFAULT '0' NOT NULL, household_class TEXT, names TEXT NOT NULL, code TEXT NOT NULL, ids TEXT NOT
    NULL, village TEXT NOT NULL, phone TEXT NOT NULL, CONSTRAINT pk_household_line PRIMARY KEY ("key"), CONSTRAINT
    uq_household_line_household_id UNIQUE (household_id) )
    """,
    "CREATE INDEX ix_household_line_living_sort ON household_line (living, sort)",
    "CREATE INDEX ix_household_line_village_id_sort ON household_line (village_id, sort)",
    """
    CREATE TABLE setting ( "key" TEXT NOT NULL, value TEXT NOT NULL, CONSTRAINT pk_setting PRIMARY KEY ("key") ) WITHOUT
    ROWID
    """,
    """
    CREATE TABLE sync_bucket ( sid TEXT NOT NULL, b INTEGER DEFAULT '0' NOT NULL, sum BLOB NOT NULL, CONSTRAINT
    pk_sync_bucket PRIMARY KEY (sid, b) ) WITHOUT ROWID
    """,
    "CREATE TABLE sync_ctx ( id INTEGER NOT NULL, CONSTRAINT pk_sync_ctx PRIMARY KEY (id) )",
    """
    CREATE TABLE sync_device ( id TEXT NOT NULL, inc TEXT, fingerprint TEXT, cert BLOB, private_key BLOB, province_key
    BLOB, server TEXT, practice INTEGER DEFAULT '0' NOT NULL, commune_code TEXT, created_at TEXT, CONSTRAINT
    pk_sync_device PRIMARY KEY (id) ) WITHOUT ROWID
    """,
    """
    CREATE TABLE sync_inlog ( sid TEXT NOT NULL, rev INTEGER DEFAULT '0' NOT NULL, entry TEXT, chain BLOB, CONSTRAINT
    pk_sync_inlog PRIMARY KEY (sid, rev) ) WITHOUT ROWID
    """,
    """
    CREATE TABLE sync_lane ( sid TEXT NOT NULL, inc TEXT NOT NULL, last_seq INTEGER DEFAULT '0' NOT NULL, chain BLOB NOT
    NULL, acked_seq INTEGER DEFAULT '0' NOT NULL, stable_seq INTEGER DEFAULT '0' NOT NULL, parent TEXT, closed INTEGER
    DEFAULT '0' NOT NULL, CONSTRAINT pk_sync_lane PRIMARY KEY (sid, inc) ) WITHOUT ROWID
    """,
    """
    CREATE TABLE sync_op ( sid TEXT NOT NULL, inc TEXT NOT NULL, seq INTEGER DEFAULT '0' NOT NULL, op_id TEXT NOT NULL,
    grp TEXT NOT NULL, entity TEXT NOT NULL, rec_id TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, chain BLOB NOT
    NULL, at TEXT NOT NULL, state INTEGER DEFAULT '0' NOT NULL, epoch INTEGER, rev INTEGER, packet TEXT, outcome TEXT,
    CONSTRAINT pk_sync_op PRIMARY KEY (sid, inc, seq), CONSTRAINT uq_sync_op_op_id UNIQUE (op_id) ) WITHOUT ROWID
    """,
    "CREATE INDEX ix_sync_op_rec_id ON sync_op (rec_id) WHERE state < 4",
    "CREATE INDEX ix_sync_op_state ON sync_op (state) WHERE state < 4",
    """
    CREATE TABLE sync_packet ( id TEXT NOT NULL, sid TEXT, inc TEXT, seq_from INTEGER DEFAULT '0' NOT NULL, seq_to INTEGER
    DEFAULT '0' NOT NULL, bytes BLOB, state INTEGER DEFAULT '0' NOT NULL, road TEXT, made_at TEXT, CONSTRAINT
    pk_sync_packet PRIMARY KEY (id) )
    """,
    """
    CREATE TABLE sync_rec ( sid TEXT, entity TEXT NOT NULL, rec_id TEXT NOT NULL, rev INTEGER DEFAULT '0' NOT NULL, base
    TEXT, meta TEXT, hash BLOB, deleted INTEGER DEFAULT '0' NOT NULL, deleted_reason TEXT, last_op TEXT, changed_by TEXT,
    changed_at TEXT, proj_error TEXT, CONSTRAINT pk_sync_rec PRIMARY KEY (rec_id) ) WITHOUT ROWID
    """,
    """
    CREATE TABLE sync_retry ( k TEXT NOT NULL, attempt INTEGER DEFAULT '0' NOT NULL, not_before_mono REAL, boot_id TEXT,
    not_before_wall TEXT, CONSTRAINT pk_sync_retry PRIMARY KEY (k) ) WITHOUT ROWID
    """,
    """
    CREATE TABLE sync_session ( id INTEGER NOT NULL, started TEXT, ended TEXT, outcome TEXT, up INTEGER DEFAULT '0' NOT
    NULL, down INTEGER DEFAULT '0' NOT NULL, detail TEXT, CONSTRAINT pk_sync_session PRIMARY KEY (id) )
    """,
    """
    CREATE TABLE sync_stream ( sid TEXT NOT NULL, kind TEXT, epoch INTEGER DEFAULT '0' NOT NULL, rev INTEGER DEFAULT '0'
    NOT NULL, chain BLOB NOT NULL, digest BLOB, stable_rev INTEGER DEFAULT '0' NOT NULL, grant_ TEXT, CONSTRAINT
    pk_sync_stream PRIMARY KEY (sid) ) WITHOUT ROWID
    """,
    """
    CREATE TABLE draft_value ( draft_id TEXT NOT NULL, "key" TEXT NOT NULL, value TEXT NOT NULL, at TEXT NOT NULL,
    CONSTRAINT pk_draft_value PRIMARY KEY (draft_id, "key"), CONSTRAINT fk_draft_value_draft_id_draft FOREIGN
    KEY(draft_id) REFERENCES draft (id) ON DELETE CASCADE ) WITHOUT ROWID
    """,
)

SEARCH = """
CREATE VIRTUAL TABLE household_search USING fts5(
    names, code, ids, village, phone,
    content = 'household_line', content_rowid = 'key', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')
"""

WORDS = "CREATE VIRTUAL TABLE household_words USING fts5vocab('household_search', 'row')"

VIEWS = (
    "CREATE VIEW open_conflict AS SELECT * FROM conflict WHERE state = 'open' AND deleted = 0",
    "CREATE VIEW quarantine AS SELECT * FROM sync_op WHERE outcome = 'quarantined'",
)

# Nothing writes a synchronised row without its operation; only the applier opens the way with a row in sync_ctx.
TRIPWIRES = (
    """
    CREATE TRIGGER {table}_insert_needs_operation BEFORE INSERT ON {table}
    WHEN NOT EXISTS (SELECT 1 FROM sync_ctx) AND NOT EXISTS (SELECT 1 FROM sync_op WHERE op_id = NEW.last_op)
    BEGIN SELECT RAISE(ABORT, '{table}: insert without an operation'); END
    """,
    """
    CREATE TRIGGER {table}_update_needs_operation BEFORE UPDATE ON {table}
    WHEN NOT EXISTS (SELECT 1 FROM sync_ctx)
     AND (NEW.last_op IS OLD.last_op OR NEW.id IS NOT OLD.id OR NOT EXISTS (SELECT 1 FROM sync_op WHERE op_id = NEW.last_op))
    BEGIN SELECT RAISE(ABORT, '{table}: update without a new operation'); END
    """,
    """
    CREATE TRIGGER {table}_is_never_deleted BEFORE DELETE ON {table}
    WHEN NOT EXISTS (SELECT 1 FROM sync_ctx)
    BEGIN SELECT RAISE(ABORT, '{table}: deletion is a state'); END
    """,
)

# An operation is never rewritten after its commit (sync.md 3.4 rule 5).
FROZEN = (
    """
    CREATE TRIGGER sync_op_is_frozen BEFORE UPDATE OF op_id, grp, entity, rec_id, kind, body, at ON sync_op
    BEGIN SELECT RAISE(ABORT, 'sync_op: an operation is never rewritten'); END
    """,
    """
    CREATE TRIGGER sync_op_is_kept BEFORE DELETE ON sync_op
    WHEN OLD.state < 5 AND NOT EXISTS (SELECT 1 FROM sync_ctx)
    BEGIN SELECT RAISE(ABORT, 'sync_op: an operation is kept until it is stable'); END
    """,
)


def upgrade() -> None:
    for statement in (*TABLES, SEARCH, WORDS, *VIEWS, *FROZEN):
        op.execute(statement)
    for table in SYNCED:
        for tripwire in TRIPWIRES:
            op.execute(tripwire.format(table=table))


def downgrade() -> None:
    raise RuntimeError("the copy made before the migration is the way back")
