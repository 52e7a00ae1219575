-- The biggest mappings of the fleet. First: local OUT mappings <LIST
SELECT size, checkpoint, pid, start, path
FROM read_json('mappings/*.jsonl', format = 'newline_delimited', columns = {
	checkpoint: 'VARCHAR', pid: 'BIGINT', start: 'VARCHAR', size: 'UBIGINT',
	path: 'VARCHAR' })
WHERE size IS NOT NULL
ORDER BY size DESC, checkpoint, pid, start
LIMIT 10;
