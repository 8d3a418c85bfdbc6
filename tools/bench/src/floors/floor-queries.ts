/** A prepared statement whose values are a bucket's id and a key. */
export interface FloorQuery {
  readonly name: string;
  readonly text: string;
}

export const pageKeys = 100;

export const oneRow: FloorQuery = {
  name: 'one_row',
  text: 'select id, key, current_version_id, generation, modified_at from objects where bucket_id = $1 and key = $2',
};

/** The columns that a listing shows, from the key on. */
export const onePage: FloorQuery = {
  name: 'one_page',
  text: `select o.key, v.id, v.size_bytes, v.sha256, v.content_type, v.content_disposition, v.cache_control, v.metadata, v.created_at
    from objects o join versions v on v.id = o.current_version_id
    where o.bucket_id = $1 and o.key >= $2 and o.current_version_id is not null
    order by o.key limit ${pageKeys}`,
};
