/* SPDX-License-Identifier: MIT
 *
 * libcrit reads, changes and writes the checkpoint images of CRIU.
 *
 *	cc program.c $(pkg-config --cflags --libs crit)
 *
 * Rules for all functions
 *
 *   Errors      Functions that can fail return false, NULL or -1 on failure,
 *               and fill a struct crit_error, which may be NULL. The
 *               library never prints, never exits, and installs no signal
 *               handlers.
 *   Contexts    Objects belong to a struct crit, which must outlive them.
 *   Threads     There is no global state. Only one thread may use an object
 *               at a time. Threads may share a context after its setup.
 *   Memory      A returned pointer belongs to the object it came from, and is
 *               valid until that object is used again or freed, unless its
 *               description says otherwise. The caller owns all arguments;
 *               the library does not use them after the call returns (after
 *               an open: after the close).
 *   Descriptors The caller owns file descriptors and closes them.
 *   Bounds      Images of any size are read and written in a few hundred KiB
 *               of memory. Large entries use an unlinked temporary file
 *               ($TMPDIR, /var/tmp, /tmp). Only struct crit_entry holds a
 *               whole entry in memory, up to a limit (crit_set_limit).
 *   Callbacks   return true to continue. If a callback returns false, the
 *               function that called it ends early and returns true: this
 *               is not an error. A callback may use other objects, but not
 *               the one that calls it.
 *   Pids        are those in the images: of the dumped pid namespace.
 *
 * Fields have the names of CRIU's .proto files. crit-stream(5) describes the same
 * data as JSON, crit-images(5) each image.
 */
#ifndef CRIT_H
#define CRIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CRIT_API __attribute__((visibility("default")))

struct crit;

/* Errors */

enum crit_code {
	CRIT_OK,
	CRIT_EDATA,	/* the input is wrong */
	CRIT_EIO,	/* a system call failed: sys says which errno */
	CRIT_ENOMEM,
	CRIT_EUSAGE,	/* usage error */
};

struct crit_error {
	enum crit_code code;
	int sys;		/* errno, or 0 */
	int64_t entry;		/* index of the entry in its image, or -1 */
	int64_t offset;		/* bytes from the image's start, or -1 */
	int64_t line, column;	/* in JSON or YAML, from 1, or -1 */
	char image[256];	/* name, with its directory or archive if known;
				   its beginning is cut if too long; "": unknown */
	char path[256];		/* vmas[3].start */
	char what[256];
};

/* One line without a newline: "mm-12.img: entry 0, vmas[3].start, offset 118:
 * truncated varint". Bytes that would disturb a terminal come out as \xNN.
 * Truncates the text to size bytes (at least 1). Returns buf. */
CRIT_API char *crit_error_text(const struct crit_error *err, char *buf,
			       size_t size);

/* For languages without C structs: an error on the heap, and its members by
 * name. With c NULL the memory comes from malloc; otherwise c must outlive the
 * error. */
CRIT_API struct crit_error *crit_error_new(struct crit *c);
CRIT_API void crit_error_free(struct crit_error *err);	/* NULL: nothing */

/* "code", "sys", "entry", "offset", "line" or "column"; -1 for other names. */
CRIT_API int64_t crit_error_number(const struct crit_error *err,
				   const char *member);

/* "image", "path" or "what"; NULL for other names. Valid until the error is used
 * again. */
CRIT_API const char *crit_error_string(const struct crit_error *err,
				       const char *member);

/* "0.1.0" */
CRIT_API const char *crit_version(void);

/* Contexts */

/* The library allocates all memory here, in any thread that uses the context,
 * except what libc allocates itself (for directories). alloc returns n bytes
 * aligned as by malloc, or NULL. free gets a pointer that alloc returned, never
 * NULL. Both get ctx. */
struct crit_allocator {
	void *(*alloc)(void *ctx, size_t n);
	void (*free)(void *ctx, void *p);
	void *ctx;
};

/* With allocator NULL: malloc and free. The struct is copied. Returns NULL if
 * out of memory. */
CRIT_API struct crit *crit_new(const struct crit_allocator *allocator);
CRIT_API void crit_free(struct crit *c);	/* NULL: nothing */

/* Loads message definitions of a newer CRIU: n bytes of a
 * google.protobuf.FileDescriptorSet (protoc -o). They replace the built-in
 * messages of the same name. Call it once, before opening anything. */
CRIT_API bool crit_set_schema(struct crit *c, const void *set, size_t n,
			      struct crit_error *err);

/* Calls warn for unusual input that can be read ("what" begins with "warning: ").
 * NULL, the default, means no callback. */
CRIT_API void crit_set_warn(struct crit *c,
			    void (*warn)(void *ctx, const struct crit_error *),
			    void *ctx);

/* Limits the memory of one struct crit_entry; an entry that needs more is an
 * error. The default is 1 GiB: an mm of a million mappings takes half of that.
 * */
CRIT_API void crit_set_limit(struct crit *c, size_t bytes);

/* Reading images
 *
 *	while ((r = crit_next(image, &event, &err)) > 0)
 *		...
 */

struct crit_image;

/* Opens an image and reads its magic. Returns NULL on failure; *err says what
 * the file is if it is not an image. */
CRIT_API struct crit_image *crit_open(struct crit *c, const char *path,
				      struct crit_error *err);

/* Reads from the current offset of fd, which may be a pipe. name is for errors;
 * it is copied, and may be NULL. */
CRIT_API struct crit_image *crit_open_fd(struct crit *c, int fd,
					 const char *name,
					 struct crit_error *err);

/* n bytes at p, which stay the caller's until crit_close. */
CRIT_API struct crit_image *crit_open_memory(struct crit *c, const void *p,
					     size_t n, const char *name,
					     struct crit_error *err);
CRIT_API void crit_close(struct crit_image *image);	/* NULL: nothing */

/* "PSTREE"; valid as long as the context. */
CRIT_API const char *crit_magic(const struct crit_image *image);

/* The base name of its file, or the name given to crit_open_fd, or NULL. */
CRIT_API const char *crit_name(const struct crit_image *image);

/* Events: the content of an image. An entry is
 *
 *	ENTRY CONTENT ENTRY_END
 *
 * and CONTENT any number of
 *
 *	NUMBER, STRING.., BYTES..	a field
 *	MESSAGE CONTENT MESSAGE_END	a message field
 *	LIST (one of these).. LIST_END	a repeated field
 *	UNKNOWN..			unknown fields
 *
 * in ascending order of field numbers. Raw bytes after an entry come
 * last, as a field "extra" of number 0: BYTES, a MESSAGE of "inq" and "outq"
 * (TCP_STREAM), a LIST of numbers (IPCNS_SEM) or of messages and bytes in turn
 * (IPCNS_MSG). Strings are bytes, usually UTF-8. STRING and BYTES
 * come in pieces of any size; last marks the last piece. */
enum crit_event_kind {
	CRIT_ENTRY = 1,
	CRIT_ENTRY_END,
	CRIT_NUMBER,
	CRIT_STRING,
	CRIT_BYTES,
	CRIT_MESSAGE,
	CRIT_MESSAGE_END,
	CRIT_LIST,
	CRIT_LIST_END,
	CRIT_UNKNOWN,
};

/* Names are valid as long as the context, bytes until the next event. */
struct crit_event {
	enum crit_event_kind kind;
	uint32_t number;	/* of the field; 0: extra */
	const char *field;	/* its name; NULL: of no field */
	const char *message;	/* ENTRY, MESSAGE: the message's name or NULL */
	uint64_t value;		/* NUMBER: sign-extended where is_signed */
	const char *symbol;	/* NUMBER of an enum: its name, or NULL */
	const void *bytes;	/* STRING, BYTES, UNKNOWN: a piece */
	size_t size;
	uint64_t entry;		/* index of the entry in the image, from 0 */
	int64_t index;		/* of an element in its list, from 0; or -1 */
	bool is_signed;		/* NUMBER: value is an int64_t */
	bool last;		/* no more pieces of these bytes */
	void *reserved[2];	/* NULL */
};

/* Returns the next event: 1; 0 after the last entry; -1 and *err on failure
 * (also when called again). A whole entry is read before its first event; an
 * entry larger than 64 KiB, with its extra, is kept in a temporary file. */
CRIT_API int crit_next(struct crit_image *image, struct crit_event *event,
		       struct crit_error *err);

/* The same without temporary files: calls event for all remaining events as they
 * are read. Starts at the next entry. If event returns false, the rest of the
 * current entry is skipped. */
CRIT_API bool crit_each(struct crit_image *image,
			bool (*event)(void *ctx, const struct crit_event *),
			void *ctx, struct crit_error *err);

/* Counts, without parsing messages. Reads to the end of the image. */
struct crit_info {
	uint64_t entries;
	uint64_t payload_bytes;	/* of messages */
	uint64_t extra_bytes;	/* after them */
};
CRIT_API bool crit_info(struct crit_image *image, struct crit_info *info,
			struct crit_error *err);

/* Returns how many bytes of the image were read so far: after the last entry, its
 * size. */
CRIT_API uint64_t crit_offset(const struct crit_image *image);

/* Entries as a whole
 *
 * A path names a field: "tc.comm", "vmas[3].start", "extra.inq", "extra[2]".
 * For crit_find, [] means every element of a list. Older names of fields are
 * accepted.
 */

struct crit_entry;

/* Reads the next entry: 1; 0 after the last; -1 and *err. If *entry is NULL, a
 * new one is allocated; otherwise it is reused. The rest of an entry that
 * crit_next began is skipped. */
CRIT_API int crit_read(struct crit_image *image, struct crit_entry **entry,
		       struct crit_error *err);

/* Creates an empty entry for an image of this magic ("PSTREE"). first: it is
 * the first entry of its image; PAGEMAP and GHOST_FILE have another message
 * there. */
CRIT_API struct crit_entry *crit_entry_new(struct crit *c, const char *magic,
					   bool first, struct crit_error *err);
CRIT_API void crit_entry_free(struct crit_entry *entry);	/* NULL: nothing */

/* Its message's name: "pstree_entry". */
CRIT_API const char *crit_entry_message(const struct crit_entry *entry);

/* Gets the value of a field. Returns 1; 0 if it is absent (*value is
 * unchanged); -1 and *err if the schema has no such field, or it has another
 * type. */
CRIT_API int crit_get_number(const struct crit_entry *entry, const char *path,
			     uint64_t *value, struct crit_error *err);

/* The same for a string or bytes. They are NUL-terminated; *size does not count
 * the NUL, and size may be NULL. Valid until the entry is changed. */
CRIT_API int crit_get_bytes(const struct crit_entry *entry, const char *path,
			    const char **bytes, size_t *size,
			    struct crit_error *err);

/* Whether a field, message or element is present: 1, 0, or -1 and *err. A list
 * is present if it has elements. */
CRIT_API int crit_has(const struct crit_entry *entry, const char *path,
		      struct crit_error *err);

/* The number of elements of a list; 0 if it is absent; -1 and *err. */
CRIT_API int64_t crit_count(const struct crit_entry *entry, const char *path,
			    struct crit_error *err);

/* Calls found with a NUMBER, STRING, BYTES (in one piece) or MESSAGE for each
 * field that the path names: "vmas[].start". index is that of the last [].
 * Returns false and *err on failure. */
CRIT_API bool crit_find(const struct crit_entry *entry, const char *path,
			bool (*found)(void *ctx, const struct crit_event *),
			void *ctx, struct crit_error *err);

/* Sets a field, and creates the messages on the way to it. The index after the
 * last element of a list appends. On failure (no such field, a number out of
 * range) nothing has changed. If another field holds the length (of extra), the
 * caller must set it. */
CRIT_API bool crit_set_number(struct crit_entry *entry, const char *path,
			      uint64_t value, struct crit_error *err);
CRIT_API bool crit_set_bytes(struct crit_entry *entry, const char *path,
			     const void *p, size_t n, struct crit_error *err);
CRIT_API bool crit_set_string(struct crit_entry *entry, const char *path,
			      const char *s, struct crit_error *err);

/* Creates an empty message, unless it is present. */
CRIT_API bool crit_set_message(struct crit_entry *entry, const char *path,
			       struct crit_error *err);

/* Removes a field, list or element. It may be absent. */
CRIT_API bool crit_remove(struct crit_entry *entry, const char *path,
			  struct crit_error *err);

/* Outputs: where bytes go */

struct crit_output;

/* A file. It appears, complete, when crit_output_close succeeds. Devices and
 * pipes are written directly. */
CRIT_API struct crit_output *crit_output_path(struct crit *c, const char *path,
					      struct crit_error *err);
CRIT_API struct crit_output *crit_output_fd(struct crit *c, int fd,
					    struct crit_error *err);

/* Memory that grows as needed. */
CRIT_API struct crit_output *crit_output_memory(struct crit *c,
						struct crit_error *err);

/* A function. If it returns false, the error is CRIT_EIO with errno. */
CRIT_API struct crit_output *
crit_output_function(struct crit *c,
		     bool (*write)(void *ctx, const void *p, size_t n),
		     void *ctx, struct crit_error *err);

/* The bytes written to memory so far. Valid until more is written or the output
 * is closed. */
CRIT_API const void *crit_output_bytes(const struct crit_output *out,
				       size_t *size);

/* Ends an output, and replaces its file unless a write failed. Frees the output in
 * any case. */
CRIT_API bool crit_output_close(struct crit_output *out,
				struct crit_error *err);

/* Frees an output and discards its file; an old file stays. NULL: nothing. */
CRIT_API void crit_output_abort(struct crit_output *out);

/* Writing images */

struct crit_writer;

/* Begins an image of this magic ("PSTREE") on an output. Only one image at a
 * time can be written to an output. */
CRIT_API struct crit_writer *crit_write(struct crit *c, struct crit_output *out,
					const char *magic,
					struct crit_error *err);

/* Begins an image like another one: with its magic and the bytes before that. */
CRIT_API struct crit_writer *crit_write_like(const struct crit_image *image,
					     struct crit_output *out,
					     struct crit_error *err);

/* Whether entries may lack required fields. The default is false. */
CRIT_API void crit_write_partial(struct crit_writer *w, bool allow);

/* Writes an entry. The same entry may be written again. */
CRIT_API bool crit_put(struct crit_writer *w, const struct crit_entry *entry,
		       struct crit_error *err);

/* Writes an event, as crit_next and crit_each return them. The field is given
 * by its number, or by its name if the number is 0; other names and symbols are
 * ignored. Fields may come in any order. The elements of a list come one after
 * another; LIST and LIST_END around them are optional. */
CRIT_API bool crit_put_event(struct crit_writer *w,
			     const struct crit_event *event,
			     struct crit_error *err);

/* Ends the image, and frees the writer in any case. Returns false on an error,
 * now or before; the output then fails as well. */
CRIT_API bool crit_write_end(struct crit_writer *w, struct crit_error *err);

/* Changes an image in place: calls edit for each entry, which may change it and
 * decides whether it stays; then replaces the file atomically. If it fails, or
 * edit returns CRIT_STOP, the file is unchanged. */
enum crit_edit { CRIT_KEEP, CRIT_DROP, CRIT_STOP };
CRIT_API bool crit_edit(struct crit *c, const char *path,
			enum crit_edit (*edit)(void *ctx,
					       struct crit_entry *entry,
					       uint64_t index),
			void *ctx, struct crit_error *err);

/* JSON and YAML */

enum {
	CRIT_RECORDS = 0,	/* one entry per line: crit-stream(5) */
	CRIT_JSON = 1,		/* one document, as CRIU's crit prints it */
	CRIT_PRETTY = 2,	/* flags, devices and IP addresses as text; with
				   CRIT_JSON indented */
	CRIT_NO_PAYLOAD = 4,	/* the size of data after entries, not the data */
	CRIT_NO_END = 8,	/* encode: records need no end record */
	CRIT_PARTIAL = 16,	/* encode: required fields may be missing */
	CRIT_YAML = 32,		/* YAML, a document for each image */
	CRIT_TEXT = 64,		/* crit_summary: text, for people */
	CRIT_ZERO_PAGES = 128,	/* crit_summary: count pages of zeros, too */
};

/* Writes the rest of an image as text. After a failure, records and YAML end
 * with the error in the key "error". */
CRIT_API bool crit_decode(struct crit_image *image, struct crit_output *out,
			  unsigned flags, struct crit_error *err);

/* Converts the text of one image, JSON or YAML, to an image. If the text names its
 * image (crit_decode writes the name if there is one), it must end with the end
 * record, or flags must have CRIT_NO_END. */
CRIT_API bool crit_encode(struct crit *c, const void *text, size_t n,
			  struct crit_output *out, unsigned flags,
			  struct crit_error *err);
CRIT_API bool crit_encode_fd(struct crit *c, int fd, struct crit_output *out,
			     unsigned flags, struct crit_error *err);

/* Writes the images that a stream of records describes into a directory: all of
 * them, or none. */
CRIT_API bool crit_encode_dir(struct crit *c, int fd, const char *path,
			      unsigned flags, struct crit_error *err);

/* Reads records from fd and writes them with other process ids. map is that of
 * crit-pids(1): "12=112,13=113" or "+1000". */
CRIT_API bool crit_pids(struct crit *c, int fd, const char *map,
			struct crit_output *out, struct crit_error *err);

/* Reads records from fd and writes them with private values replaced, as
 * crit-anon(1) does. The same key of n bytes gives the same replacements. */
CRIT_API bool crit_anon(struct crit *c, int fd, const void *key, size_t n,
			struct crit_output *out, struct crit_error *err);

/* Checkpoints */

struct crit_dir;

/* Opens a checkpoint: a directory of images, a directory or archive of a
 * container engine, a tar archive (plain or compressed), a stream of
 * criu-image-streamer, or an OCI layout. The content decides, not the name.
 * follow: follow symbolic links that lead out of a directory (the link "parent"
 * is always followed). */
CRIT_API struct crit_dir *crit_dir_open(struct crit *c, const char *path,
					bool follow, struct crit_error *err);
CRIT_API struct crit_dir *crit_dir_open_fd(struct crit *c, int fd, bool follow,
					   struct crit_error *err);

/* How to open it: all zeros is the default. Everything here is copied. */
struct crit_how {
	bool follow;		/* symbolic links that lead out */
	const char *at;		/* path inside, or name or digest of an OCI
				   image, if there are several; NULL: choose
				   as crit-checkpoint(7) says */
	const char *parent;	/* path of the checkpoint that pages "in the
				   parent" are in; NULL: the link "parent" */
	const char *const *shards;	/* further files of a stream */
	size_t n_shards;
	void *reserved[4];	/* NULL */
};

/* The same with options; how may be NULL. */
CRIT_API struct crit_dir *crit_open_checkpoint(struct crit *c,
					       const char *path,
					       const struct crit_how *how,
					       struct crit_error *err);

/* fd: a directory, a file (read from its current offset), a pipe or a socket. A
 * pipe is read to its end into an unlinked temporary file. fd may be closed
 * afterwards. name is for errors. */
CRIT_API struct crit_dir *crit_open_checkpoint_fd(struct crit *c, int fd,
						  const char *name,
						  const struct crit_how *how,
						  struct crit_error *err);

/* An archive that is read by a function: from memory, from an object store, or
 * from inside another archive. */
struct crit_bytes {
	/* Reads up to n bytes from offset at into p. Returns how many, fewer
	 * only at the end, 0 there; -1 and errno on an error. */
	int64_t (*read)(void *ctx, uint64_t at, void *p, size_t n);
	uint64_t size;		/* UINT64_MAX: unknown; then all is read at once,
				   forward, into an unlinked temporary file */
	void (*close)(void *ctx);	/* may be NULL; called once, when the
					   bytes are no longer needed, also
					   if opening fails */
	void *ctx;
	void *reserved[2];	/* NULL */
};
CRIT_API struct crit_dir *
crit_open_checkpoint_bytes(struct crit *c, const struct crit_bytes *bytes,
			   const char *name, const struct crit_how *how,
			   struct crit_error *err);
CRIT_API void crit_dir_close(struct crit_dir *dir);	/* NULL: nothing */

enum crit_file_kind {
	CRIT_FILE_IMAGE,	/* begins with a magic, or is named *.img */
	CRIT_FILE_RAW,		/* pages and other images without a magic */
	CRIT_FILE_OTHER,
};

struct crit_file {
	const char *name;	/* base name; good until crit_dir_close */
	enum crit_file_kind kind;
};

/* The next file, in the order in which images explain one another: inventory,
 * pstree, core, and so on. 1, 0 after the last. */
CRIT_API int crit_dir_next(struct crit_dir *dir, struct crit_file *file);
CRIT_API void crit_dir_rewind(struct crit_dir *dir);

/* Opens an image of the checkpoint. It may outlive the directory. */
CRIT_API struct crit_image *crit_dir_image(struct crit_dir *dir,
					   const char *name,
					   struct crit_error *err);

/* Writes all images as one stream of records, with its end record. */
CRIT_API bool crit_decode_dir(struct crit_dir *dir, struct crit_output *out,
			      unsigned flags, struct crit_error *err);

/* Writes the checkpoint in numbers, as crit-info --summary prints it. flags:
 * CRIT_RECORDS is the row of crit-summary(5), CRIT_JSON all there is, CRIT_TEXT a
 * text; and CRIT_ZERO_PAGES. If an image is missing or broken, the rest is still
 * written; the function then returns false, with the first error in *err. */
CRIT_API bool crit_summary(struct crit_dir *dir, unsigned flags,
			   struct crit_output *out, struct crit_error *err);

/* Exploring: each function calls back for each thing that it finds. Strings are
 * NUL-terminated and valid until the callback returns. pid 0 means all tasks; a
 * pid that does not exist is an error. Zombies have nothing. If an image is
 * missing or broken, the rest is still reported; the function then returns
 * false, with the first error in *err. */

struct crit_task {
	uint32_t pid, ppid, pgid, sid;
	uint32_t state;		/* 1 alive, 2 dead, 3 stopped, 6 zombie, 0
				   unknown */
	uint32_t exit_code;
	uint32_t depth;		/* in the tree; the root's is 0 */
	const char *comm;
	const uint32_t *threads;
	size_t n_threads;
	void *reserved[2];
};

/* Tasks in the order of pstree.img (parents before their children), zombies
 * included. */
CRIT_API bool crit_tasks(struct crit_dir *dir,
			 bool (*task)(void *ctx, const struct crit_task *),
			 void *ctx, struct crit_error *err);

struct crit_descriptor {
	uint32_t pid;
	const char *at;		/* "cwd", "root"; NULL: a descriptor, fd */
	uint32_t fd, flags, id;	/* id: of the file in files.img */
	const char *type;	/* "REG", "INETSK", ... */
	const char *path;	/* its name, or what crit-x fds says of it */
	size_t path_size;	/* of unix sockets NULs may be among them */
	const char *facts;	/* the file's entry as JSON, or NULL */
	const char *notes;	/* what other images add to it: {"tfd":[..]} of an
				   epoll, "wd", "mark", "info", "inode"; or NULL */
	void *reserved[1];
};
CRIT_API bool
crit_descriptors(struct crit_dir *dir, uint32_t pid,
		 bool (*found)(void *ctx, const struct crit_descriptor *),
		 void *ctx, struct crit_error *err);

struct crit_mapping {
	uint32_t pid;
	uint64_t start, end;	/* addresses */
	uint64_t pgoff;		/* offset in the file, bytes */
	uint64_t shmid;
	uint32_t prot;		/* PROT_READ.. of mmap(2) */
	uint32_t flags;		/* MAP_SHARED.. */
	uint32_t status;	/* CRIU's VMA_AREA_.. bits */
	const char *what;	/* file name, "[heap]", "[anon]".. */
	void *reserved[2];
};
CRIT_API bool crit_mappings(struct crit_dir *dir, uint32_t pid,
			    bool (*found)(void *ctx,
					  const struct crit_mapping *),
			    void *ctx, struct crit_error *err);

/* Runs of pages in the pagemaps. */
struct crit_pages {
	uint32_t pid;
	uint64_t address, pages;
	bool present;		/* in this directory */
	bool parent;		/* in that of the dump before */
	bool lazy;		/* a page server may have it */
	void *reserved[2];
};
CRIT_API bool crit_resident(struct crit_dir *dir, uint32_t pid,
			    bool (*found)(void *ctx, const struct crit_pages *),
			    void *ctx, struct crit_error *err);

/* Any view of crit-x(1), as its records. what: "threads", "mounts", "limits"...
 * (see crit_explorer). pid 0: all tasks. Each record is one JSON object of size
 * bytes, without a newline, valid during the call; record returns false to
 * stop. If something cannot be read, the rest is still reported, and the
 * function returns false and *err. */
CRIT_API bool crit_explore(struct crit_dir *dir, const char *what, uint32_t pid,
			   bool (*record)(void *ctx, const char *json,
					  size_t size),
			   void *ctx, struct crit_error *err);

/* The name of view number i (from 0) of crit_explore, or NULL after the last
 * one. about may be NULL; it gets a description. */
CRIT_API const char *crit_explorer(size_t i, const char **about);

struct crit_socket {
	uint32_t pid, fd, id;
	const char *kind;	/* "INETSK", "UNIXSK", "PACKETSK", "NETLINKSK" */
	uint32_t family, type, protocol, state;	/* 0: not told */
	const char *source, *destination;	/* addresses; of unix: its name */
	size_t source_size;	/* a name may begin with a NUL */
	uint32_t source_port, destination_port;	/* of netlink: port ids */
	uint32_t ino, peer;			/* of unix */
	uint32_t send_buffer, receive_buffer;	/* bytes */
	void *reserved[2];
};
CRIT_API bool crit_sockets(struct crit_dir *dir, uint32_t pid,
			   bool (*found)(void *ctx, const struct crit_socket *),
			   void *ctx, struct crit_error *err);

/* Memory of a task */

struct crit_memory;

/* Opens the memory of a task: its own pages, those of parents and of shared
 * segments, compressed or not. page_size 0: as its auxiliary vector says. The
 * directory must outlive it. */
CRIT_API struct crit_memory *crit_memory_open(struct crit_dir *dir,
					      uint32_t pid, uint64_t page_size,
					      struct crit_error *err);
CRIT_API void crit_memory_close(struct crit_memory *m);	/* NULL: nothing */

/* Reads n bytes at an address. Bytes that no image holds (unmapped, never
 * touched, or unchanged from a mapped file) read as zeros; *absent (may be
 * NULL) counts them. */
CRIT_API bool crit_memory_read(struct crit_memory *m, uint64_t address,
			       void *buf, size_t n, uint64_t *absent,
			       struct crit_error *err);

/* A range of addresses of one kind. */
struct crit_run {
	uint64_t start, end;
	bool absent;		/* in no image */
	bool lazy;		/* with a page server */
	bool zero;		/* known to be zeros, without bytes */
	bool packed;		/* compressed */
	bool shared;		/* of a shared segment */
	unsigned depth;		/* 0: in this directory, 1: its parent, .. */
	const char *file;	/* that holds the bytes, or NULL */
	uint64_t offset, size;	/* where in it, and how many */
	void *reserved[2];
};

/* The run that contains an address. */
CRIT_API bool crit_memory_at(struct crit_memory *m, uint64_t address,
			     struct crit_run *run, struct crit_error *err);

/* The size of a page in bytes: from the images, or as given to
 * crit_memory_open. */
CRIT_API uint64_t crit_memory_page_size(const struct crit_memory *m);

/* Divides [start, end) into runs, in order: the pages of a mapping, for
 * example. */
CRIT_API bool crit_memory_runs(struct crit_memory *m, uint64_t start,
			       uint64_t end,
			       bool (*found)(void *ctx, const struct crit_run *),
			       void *ctx, struct crit_error *err);

/* The strings of its arguments, or of its environment as getenv(3) finds it.
 * They are NUL-terminated; n does not count the NUL. A string larger than 16 MiB
 * is an error. */
typedef bool crit_string(void *ctx, const char *s, size_t n);
CRIT_API bool crit_memory_args(struct crit_memory *m, crit_string *string,
			       void *ctx, struct crit_error *err);
CRIT_API bool crit_memory_env(struct crit_memory *m, crit_string *string,
			      void *ctx, struct crit_error *err);

/* The pairs of its auxiliary vector: type (AT_... of elf.h) and value. */
CRIT_API bool crit_memory_auxv(struct crit_memory *m,
			       bool (*found)(void *ctx, uint64_t type,
					     uint64_t value),
			       void *ctx, struct crit_error *err);

/* The number of bytes in its shared mappings. */
CRIT_API bool crit_memory_shared(struct crit_memory *m, uint64_t *bytes,
				 struct crit_error *err);

/* Writes n bytes into the memory of a checkpoint that is a directory, as
 * crit-mem --write does. If it fails, nothing has changed. m reads the new
 * memory afterwards; open iterators and other crit_memory objects of this task
 * again. sysroot: root directory of the mapped files, for pages that the images
 * leave to them, or NULL. */
CRIT_API bool crit_memory_write(struct crit_memory *m, uint64_t address,
				const void *bytes, size_t n,
				const char *sysroot, struct crit_error *err);

/* Changes a variable ("NAME=VALUE") of the environment that the task was started
 * with; getenv in the restored task sees it. The same as crit-mem --setenv. */
CRIT_API bool crit_memory_setenv(struct crit_memory *m, const char *variable,
				 struct crit_error *err);

struct crit_match {
	uint64_t address;
	const void *bytes;	/* the match; context lies around it */
	size_t size;
	size_t before, after;	/* bytes of context */
	void *reserved[2];
};

/* Searches all memory that the images hold for the n bytes at what; with regex,
 * what is a POSIX extended regular expression of n bytes. Matches may cross
 * pages. context: bytes to return around a match, at most 64 KiB. */
CRIT_API bool crit_memory_search(struct crit_memory *m, const char *what,
				 size_t n, bool regex, size_t context,
				 bool (*found)(void *ctx,
					       const struct crit_match *),
				 void *ctx, struct crit_error *err);

/* Writes an ELF core of a task, for debuggers: registers of all threads, notes,
 * pages. sysroot: root directory of the mapped files, for the bytes that the
 * images leave to them; with NULL the core lacks those. The context's warning
 * callback reports what else the core lacks. */
CRIT_API bool crit_core(struct crit_dir *dir, uint32_t pid, const char *sysroot,
			struct crit_output *out, struct crit_error *err);

/* Copies
 *
 * Copies a whole checkpoint and changes it on the way, as crit-copy(1) does. A new
 * directory appears when it is complete. */

enum crit_form { CRIT_TAR = 1, CRIT_STREAM = 2 };	/* 2: of
							   criu-image-streamer */
enum { CRIT_SHARDS_MAX = 64 };	/* outputs of a stream, at most */

/* An image that replaces the one with its name, or is added. */
struct crit_replacement {
	const char *name;	/* "files.img" */
	const void *bytes;	/* of the image, as crit_write makes it */
	size_t size;
};

/* NULL or all zeros: copy without changes. */
struct crit_copy_how {
	const struct crit_replacement *replace;
	size_t n_replace;
	const char *const *drop;	/* names that are left out */
	size_t n_drop;
	bool images_only;	/* no other files */
	bool flatten;		/* take pages of parents along */
	bool decompress;	/* pages without compression */
	bool drop_zero;		/* leave out pages of zeros */
	bool no_memory;		/* all pages read as zeros */
	bool backup;		/* crit_copy_in_place: NAME.bak is what was there */
	uint32_t compress;	/* bytes of an LZ4 block, a multiple of 4096;
				   0: do not compress */
	int32_t acceleration;	/* of LZ4; 0: 1 */
	const char *prefix;	/* before each path in a tar; NULL: none */
	void *reserved[4];	/* NULL */
};

/* Copies to a new directory; its parent directory must exist. Of a checkpoint
 * opened by crit_open_checkpoint_bytes only the images are copied. */
CRIT_API bool crit_copy(struct crit_dir *dir, const struct crit_copy_how *how,
			const char *path, struct crit_error *err);

/* Copies to an archive. For outputs to memory and functions it is made in an
 * unlinked temporary file first. */
CRIT_API bool crit_copy_to(struct crit_dir *dir,
			   const struct crit_copy_how *how, enum crit_form form,
			   struct crit_output *out, struct crit_error *err);

/* Copies to a stream in n parts (criu-image-streamer calls them shards), one output
 * each. A reader needs all of them. */
CRIT_API bool crit_copy_to_shards(struct crit_dir *dir,
				  const struct crit_copy_how *how,
				  struct crit_output *const *outs, size_t n,
				  struct crit_error *err);

/* Rewrites the pages of a directory that was opened by its path: flatten, compress,
 * decompress, drop_zero or no_memory. Either all new images replace the old ones,
 * or none does. Objects that are open still use the old images, dir as well: open
 * it again. With drop_zero and no_memory, make sure that no later checkpoint has
 * its pages in this one. */
CRIT_API bool crit_copy_in_place(struct crit_dir *dir,
				 const struct crit_copy_how *how,
				 struct crit_error *err);

/* Live: between criu dump --stream, criu restore --stream and a checkpoint.
 * socket is the connection that CRIU made to streamer-capture.sock or
 * streamer-serve.sock. The calls return when CRIU has sent or received
 * everything. CRIU may close its end at any time, so the caller should ignore
 * SIGPIPE. */

/* Creates a socket of that name in a directory, waits for CRIU to connect, and
 * removes the name. Returns the connection, which the caller closes, or -1 and
 * *err. */
CRIT_API int crit_accept(struct crit *c, const char *directory,
			 const char *name, struct crit_error *err);
CRIT_API bool crit_capture(struct crit *c, int socket, const char *path,
			   struct crit_error *err);
CRIT_API bool crit_capture_to(struct crit *c, int socket, enum crit_form form,
			      struct crit_output *out, struct crit_error *err);
CRIT_API bool crit_serve(struct crit_dir *dir, int socket,
			 struct crit_error *err);

/* Checks
 *
 * Reports why CRIU would not restore a checkpoint, as crit-check(1) does. */

enum crit_severity { CRIT_NOTE, CRIT_WARNING, CRIT_ERROR };

/* NULL or all zeros is the default. */
struct crit_check_how {
	const char *const *allow;	/* options that restore will have:
					   "tcp-established" */
	size_t n_allow;
	bool host;		/* check this machine, too: files, PIDs */
	void *reserved[4];	/* NULL */
};

struct crit_finding {
	const char *rule;	/* "vma-empty" */
	enum crit_severity severity;
	const char *image;	/* "mm-12.img"; NULL: the whole checkpoint */
	int64_t entry;		/* or -1 */
	const char *path;	/* of the field; "": none */
	const char *text;
	const char *values;	/* members of a JSON object that text holds:
				   "\"start\":4096,\"end\":8192" */
	uint64_t more;		/* findings of this kind that are not given */
	void *reserved[2];
};

/* Calls found for each finding, sorted by image and entry. Returns true if the
 * check could be made, whatever it found. */
CRIT_API bool crit_check(struct crit_dir *dir, const struct crit_check_how *how,
			 bool (*found)(void *ctx, const struct crit_finding *),
			 void *ctx, struct crit_error *err);

/* The name of rule number i (from 0), or NULL after the last one. about and
 * severity may be NULL. */
CRIT_API const char *crit_check_rule(size_t i, const char **about,
				     enum crit_severity *severity);

/* Differences
 *
 * What changed between two checkpoints: what crit-diff(1) finds. */

enum crit_change { CRIT_CHANGED, CRIT_GONE, CRIT_APPEARED };

/* NULL or all zeros is the default: everything, as JSON. */
struct crit_diff_how {
	const char *const *only;	/* sections: "tasks", "files", "mappings",
					   "sockets", "fields", "memory" */
	size_t n_only;
	const char *const *ignore;	/* paths of fields: "pos",
					   "stats-dump:", as crit-diff --ignore */
	size_t n_ignore;
	bool pages;		/* ranges of pages, too */
	bool text;		/* lines are text, not JSON */
	void *reserved[4];	/* NULL */
};

struct crit_difference {
	const char *section;	/* "tasks", ... */
	enum crit_change change;	/* from a to b */
	uint32_t pid;		/* of the task; 0: of none */
	const char *image;	/* "mm-12.img"; NULL: memory of the task */
	const char *path;	/* of the field; "": none */
	const char *line;	/* all there is, as crit-diff prints it: values,
				   addresses, names; NUL-terminated */
	size_t size;		/* of it, without the NUL */
	void *reserved[2];
};

/* Calls found for each difference between a and b. They must have one context, or two
 * without an allocator and a schema of their own. Returns true if they were compared,
 * whatever was found. If an image is missing or broken, the rest is still compared;
 * the function then returns false, with the first error in *err. */
CRIT_API bool crit_diff(struct crit_dir *a, struct crit_dir *b,
			const struct crit_diff_how *how,
			bool (*found)(void *ctx, const struct crit_difference *),
			void *ctx, struct crit_error *err);

/* Pictures
 *
 * What crit-draw(1) draws. */

enum crit_picture { CRIT_SVG, CRIT_DOT, CRIT_HTML };	/* DOT: for Graphviz */

/* Writes a picture. what is a name that crit_drawing gives: "tree", "memory", ... pid
 * 0 means all tasks. CRIT_HTML is a page, and the only form of "report". If an image
 * is missing or broken, the rest is still drawn; the function then returns false,
 * with the first error in *err. */
CRIT_API bool crit_draw(struct crit_dir *dir, const char *what,
			enum crit_picture form, uint32_t pid,
			struct crit_output *out, struct crit_error *err);

/* Returns the name of picture number i, from 0, or NULL after the last. *about (if
 * not NULL) says what it shows. */
CRIT_API const char *crit_drawing(size_t i, const char **about);

/* Iterators
 *
 *	it = crit_iterate_tasks(dir, &err);
 *	while ((r = crit_next_task(it, &task, &err)) > 0)
 *		...
 *	crit_iterator_free(it);
 *
 * The same answers without callbacks. crit_iterate_* collects the answers: in memory
 * up to 64 KiB, then in an unlinked temporary file. It returns NULL and *err if
 * there is no answer at all.
 *
 * crit_next_* returns the next answer: 1; 0 after the last; -1 and *err if not
 * everything could be read (after the last answer), or if the iterator is of another
 * kind. Strings are valid until the next call. The directory may be used, and even
 * closed, meanwhile; the context must outlive the iterator.
 */

struct crit_iterator;

CRIT_API void crit_iterator_free(struct crit_iterator *it);	/* NULL: nothing */

CRIT_API struct crit_iterator *crit_iterate_tasks(struct crit_dir *dir,
						  struct crit_error *err);
CRIT_API int crit_next_task(struct crit_iterator *it, struct crit_task *task,
			    struct crit_error *err);

CRIT_API struct crit_iterator *crit_iterate_descriptors(struct crit_dir *dir,
							uint32_t pid,
							struct crit_error *err);
CRIT_API int crit_next_descriptor(struct crit_iterator *it,
				  struct crit_descriptor *descriptor,
				  struct crit_error *err);

CRIT_API struct crit_iterator *crit_iterate_mappings(struct crit_dir *dir,
						     uint32_t pid,
						     struct crit_error *err);
CRIT_API int crit_next_mapping(struct crit_iterator *it,
			       struct crit_mapping *mapping,
			       struct crit_error *err);

CRIT_API struct crit_iterator *crit_iterate_resident(struct crit_dir *dir,
						     uint32_t pid,
						     struct crit_error *err);
CRIT_API int crit_next_resident(struct crit_iterator *it,
				struct crit_pages *pages,
				struct crit_error *err);

CRIT_API struct crit_iterator *crit_iterate_sockets(struct crit_dir *dir,
						    uint32_t pid,
						    struct crit_error *err);
CRIT_API int crit_next_socket(struct crit_iterator *it,
			      struct crit_socket *socket,
			      struct crit_error *err);

/* Records of crit_explore: *json is NUL-terminated, size bytes without the
 * NUL. */
CRIT_API struct crit_iterator *crit_iterate_explore(struct crit_dir *dir,
						    const char *what,
						    uint32_t pid,
						    struct crit_error *err);
CRIT_API int crit_next_record(struct crit_iterator *it, const char **json,
			      size_t *size, struct crit_error *err);

/* Strings of crit_memory_args and crit_memory_env. */
CRIT_API struct crit_iterator *crit_iterate_args(struct crit_memory *m,
						 struct crit_error *err);
CRIT_API struct crit_iterator *crit_iterate_env(struct crit_memory *m,
						struct crit_error *err);
CRIT_API int crit_next_string(struct crit_iterator *it, const char **s,
			      size_t *size, struct crit_error *err);

CRIT_API struct crit_iterator *crit_iterate_runs(struct crit_memory *m,
						 uint64_t start, uint64_t end,
						 struct crit_error *err);
CRIT_API int crit_next_run(struct crit_iterator *it, struct crit_run *run,
			   struct crit_error *err);

/* Matches of crit_memory_search, with their context. */
CRIT_API struct crit_iterator *
crit_iterate_matches(struct crit_memory *m, const char *what, size_t n,
		     bool regex, size_t context, struct crit_error *err);
CRIT_API int crit_next_match(struct crit_iterator *it, struct crit_match *match,
			     struct crit_error *err);

/* Findings of crit_check. */
CRIT_API struct crit_iterator *
crit_iterate_findings(struct crit_dir *dir, const struct crit_check_how *how,
		      struct crit_error *err);
CRIT_API int crit_next_finding(struct crit_iterator *it,
			       struct crit_finding *finding,
			       struct crit_error *err);

CRIT_API struct crit_iterator *
crit_iterate_differences(struct crit_dir *a, struct crit_dir *b,
			 const struct crit_diff_how *how,
			 struct crit_error *err);
CRIT_API int crit_next_difference(struct crit_iterator *it,
				  struct crit_difference *difference,
				  struct crit_error *err);

/* Statistics: stats-dump and stats-restore. Times in microseconds, the rest
 * numbers of pages. Values that an older CRIU does not record are 0. */

struct crit_dump_stats {
	uint64_t freezing_time, frozen_time, memdump_time, memwrite_time;
	uint64_t pages_scanned, pages_skipped_parent, pages_written;
	uint64_t irmap_resolve;	/* microseconds */
	uint64_t pages_lazy, page_pipes, page_pipe_bufs;
	uint64_t shpages_scanned, shpages_skipped_parent, shpages_written;
	uint64_t reserved[4];
};

struct crit_restore_stats {
	uint64_t pages_compared, pages_skipped_cow;
	uint64_t forking_time, restore_time;
	uint64_t pages_restored, resume_time;
	uint64_t reserved[3];
};

CRIT_API bool crit_dump_statistics(struct crit_dir *dir,
				   struct crit_dump_stats *stats,
				   struct crit_error *err);
CRIT_API bool crit_restore_statistics(struct crit_dir *dir,
				      struct crit_restore_stats *stats,
				      struct crit_error *err);

#ifdef __cplusplus
}
#endif

#endif
