"""The metadata every table registers in, and the types that the schema's domains stand on."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = sa.MetaData()

INSTANT = sa.DateTime(timezone=True)
MONEY = sa.Numeric(18, 4)
DOCUMENT = JSONB(none_as_null=True)
TEXTS = ARRAY(sa.Text)
