-- One page of a listing with a delimiter: the keys of a range, with all that share a prefix up to the
-- delimiter answered as that prefix. It jumps over what lies below a prefix, so its cost follows the
-- entries answered and not the keys below them.
create function list_object_entries(
  in_bucket_id uuid, in_from text, in_until text, in_prefix text, in_delimiter text, in_limit integer
) returns table (entry text, version_id uuid, object_modified_at timestamptz)
language plpgsql stable rows 100
as $$
declare
  found_object record;
  next_from text collate "C" := in_from;
  remaining integer := in_limit;
  delimiter_at integer;
begin
  <<jumps>>
  loop
    for found_object in
      select o.key, o.current_version_id, o.modified_at
      from objects o
      where o.bucket_id = in_bucket_id and o.current_version_id is not null
        and o.key >= next_from and o.key < in_until
      order by o.key
      limit remaining
    loop
      remaining := remaining - 1;
      delimiter_at := strpos(substr(found_object.key, length(in_prefix) + 1), in_delimiter);
      if delimiter_at = 0 then
        entry := found_object.key;
        version_id := found_object.current_version_id;
        object_modified_at := found_object.modified_at;
        return next;
        exit jumps when remaining = 0;
        next_from := found_object.key || chr(1); -- no key has a control character: this is the next possible one
      else
        entry := left(found_object.key, length(in_prefix) + delimiter_at);
        version_id := null;
        object_modified_at := null;
        return next;
        exit jumps when remaining = 0;
        -- The delimiter is one ASCII character: the first text behind all that starts with the prefix.
        next_from := left(entry, -1) || chr(ascii(in_delimiter) + 1);
        continue jumps;
      end if;
    end loop;
    exit;
  end loop;
end
$$;
