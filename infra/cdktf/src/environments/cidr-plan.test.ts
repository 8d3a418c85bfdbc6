import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contains, isCidr, mostZones, overlaps, planCidrs, sizeOf } from './cidr-plan.ts';

const networks = fc.integer({ min: 0, max: 255 }).map((second) => `10.${second}.0.0/16`);
const zoneCounts = fc.integer({ min: 1, max: mostZones });

describe('planCidrs', () => {
  it('divides a network', () => {
    expect(planCidrs('10.20.0.0/16', 2)).toEqual({
      app: ['10.20.0.0/20', '10.20.16.0/20'],
      public: ['10.20.240.0/24', '10.20.241.0/24'],
      database: ['10.20.248.0/24', '10.20.249.0/24'],
      tiers: { public: '10.20.240.0/21', app: '10.20.0.0/17', database: '10.20.248.0/21' },
    });
  });

  it('never overlaps, stays inside, and gives each tier its size', () => {
    fc.assert(
      fc.property(networks, zoneCounts, (network, zones) => {
        const plan = planCidrs(network, zones);
        const all = [...plan.public, ...plan.app, ...plan.database];
        expect(all).toHaveLength(3 * zones);
        for (const [index, one] of all.entries()) {
          expect(isCidr(one)).toBe(true);
          expect(contains(network, one)).toBe(true);
          expect(all.slice(index + 1).filter((other) => overlaps(one, other))).toEqual([]);
        }
        expect(new Set(plan.app.map(sizeOf))).toEqual(new Set([4_096]));
        expect(new Set([...plan.public, ...plan.database].map(sizeOf))).toEqual(new Set([256]));
      }),
    );
  });

  it('keeps each tier in its own range', () => {
    fc.assert(
      fc.property(networks, zoneCounts, (network, zones) => {
        const plan = planCidrs(network, zones);
        for (const tier of ['public', 'app', 'database'] as const)
          for (const [other, range] of Object.entries(plan.tiers))
            expect(plan[tier].every((subnet) => contains(range, subnet))).toBe(tier === other);
      }),
    );
  });

  it('moves no subnet when a zone is added', () => {
    fc.assert(
      fc.property(networks, fc.integer({ min: 1, max: mostZones - 1 }), (network, zones) => {
        const [before, after] = [planCidrs(network, zones), planCidrs(network, zones + 1)];
        for (const tier of ['public', 'app', 'database'] as const)
          expect(after[tier].slice(0, zones)).toEqual(before[tier]);
      }),
    );
  });

  it('refuses other sizes and too many zones', () => {
    expect(() => planCidrs('10.0.0.0/20', 2)).toThrow('is divided as a /16');
    expect(() => planCidrs('10.0.0.0/16', 7)).toThrow('spans 1 to 6 zones');
  });
});

describe('ranges', () => {
  it.each([
    ['10.0.0.0/16', '10.0.128.0/17', true],
    ['10.0.128.0/17', '10.0.0.0/16', true],
    ['10.0.0.0/16', '10.1.0.0/16', false],
    ['0.0.0.0/0', '192.168.3.0/24', true],
    ['255.255.255.255/32', '255.255.255.254/32', false],
  ])('%s and %s overlap: %s', (one, other, expected) => {
    expect(overlaps(one, other)).toBe(expected);
  });

  it.each(['10.0.0.1/16', '10.0.0.0', '10.0.0.0/33', '256.0.0.0/8', 'fd00::/8', ''])('%j is no range', (text) => {
    expect(isCidr(text)).toBe(false);
  });
});
