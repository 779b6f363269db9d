"""Operations tools: lint migrations, test the previous release on the new schema, and monitor."""
