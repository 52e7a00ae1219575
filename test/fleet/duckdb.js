// SPDX-License-Identifier: MIT
//
// node duckdb.js FILE.sql : what DuckDB answers, a row a line as a JSON array.
const { DuckDBInstance } = require('@duckdb/node-api');
const { readFileSync } = require('fs');

(async () => {
	const db = await DuckDBInstance.create(':memory:');
	const session = await db.connect();
	const answer = await session.runAndReadAll(readFileSync(process.argv[2], 'utf8'));
	for (const row of answer.getRowsJson())
		console.log(JSON.stringify(row));
})();
