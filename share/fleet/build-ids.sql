-- The same library, another build ID: who lags behind? First:
-- local OUT libraries <LIST
SELECT path, build_id, count(DISTINCT checkpoint) AS checkpoints,
	min(checkpoint) AS example
FROM read_json('libraries/*.jsonl', format = 'newline_delimited', columns = {
	checkpoint: 'VARCHAR', path: 'VARCHAR', build_id: 'VARCHAR' })
WHERE path IN (
	SELECT path
	FROM read_json('libraries/*.jsonl', format = 'newline_delimited',
		columns = { path: 'VARCHAR', build_id: 'VARCHAR' })
	GROUP BY path
	HAVING count(DISTINCT build_id) > 1)
GROUP BY path, build_id
ORDER BY path, checkpoints DESC, build_id;
