import { sql, type Db } from '@stowage/db';
import type { SettledVerdict, Verdict } from './verdict.ts';

interface JudgedRow {
  readonly id: string;
  readonly wasQuarantined: boolean;
}

/**
 * Puts verdicts on live blobs into force, in a transaction; in a dry run it only looks what they would meet. Answers in the
 * order of the verdicts.
 */
export async function settleVerdicts(
  tx: Db,
  verdicts: readonly Verdict[],
  { dryRun }: { readonly dryRun: boolean },
): Promise<readonly SettledVerdict[]> {
  if (verdicts.length === 0) return [];
  const rows = dryRun ? await find(tx, verdicts) : await change(tx, verdicts);
  const found = new Map(rows.map(({ id, wasQuarantined }) => [id, wasQuarantined]));
  return verdicts.map((verdict) => {
    const wasQuarantined = found.get(verdict.id);
    return { ...verdict, wasLive: wasQuarantined !== undefined, wasQuarantined: wasQuarantined ?? false };
  });
}

async function find(tx: Db, verdicts: readonly Verdict[]): Promise<readonly JudgedRow[]> {
  return tx.rows<JudgedRow>(sql('find_judged_blobs')`
    select id, quarantined_at is not null as "wasQuarantined" from blobs
    where id = any (${verdicts.map(({ id }) => id)}::uuid[]) and state = 'live'`);
}

/** Locks in the order of ids, as everybody does who locks several blobs. */
async function change(tx: Db, verdicts: readonly Verdict[]): Promise<readonly JudgedRow[]> {
  return tx.rows<JudgedRow>(sql('settle_verdicts')`
    with judged as (
      select b.id, b.quarantined_at, v.fault
      from unnest(${verdicts.map(({ id }) => id)}::uuid[], ${verdicts.map(({ fault }) => fault ?? null)}::text[]) as v (id, fault)
      join blobs b on b.id = v.id
      where b.state = 'live'
      order by b.id
      for no key update of b
    ), changed as (
      update blobs b set
        verified_at = case when j.fault is null then now() else b.verified_at end,
        quarantined_at = case when j.fault is not null then coalesce(j.quarantined_at, now()) end,
        fault = j.fault
      from judged j where b.id = j.id
    )
    select id, quarantined_at is not null as "wasQuarantined" from judged`);
}
