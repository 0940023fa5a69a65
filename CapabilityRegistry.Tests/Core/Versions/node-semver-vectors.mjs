// Writes node-semver-vectors.tsv: what node-semver answers for ranges of every grammar form. In an empty folder: npm install semver, then
// node <this file> > node-semver-vectors.tsv with NODE_PATH or the working folder pointing at that node_modules. Seeded: the same package gives the same bytes.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.cwd(), 'index.js'));
const semver = require('semver');
const { version } = require('semver/package.json');

let state = 20261123;
function random(below) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % below;
}
const pick = items => items[random(items.length)];
const sometimes = (percent, make) => (random(100) < percent ? make() : '');

const prereleases = ['0', '1', 'alpha', 'alpha.1', 'beta', 'beta.2', 'rc.1', 'rc.10', '0a', 'x', '-', 'alpha-1.0'];
const number = () => pick(['0', '0', '1', '1', '2', '3', '10']);
const wild = () => pick(['x', 'X', '*']);
const full = () => `${number()}.${number()}.${number()}${sometimes(35, () => `-${pick(prereleases)}`)}${sometimes(6, () => '+build.5')}`;
const partial = () => pick([
  () => number(), () => `${number()}.${number()}`, () => wild(), () => `${number()}.${wild()}`, () => `${number()}.${number()}.${wild()}`,
  () => `${number()}.${wild()}.${wild()}`, () => `${wild()}.${wild()}`, () => `${wild()}.${wild()}.${wild()}`,
])();
const operand = () => sometimes(8, () => 'v') + (random(100) < 60 ? full() : partial());
const gap = () => sometimes(12, () => pick([' ', '  ', '\t']));
const comparator = () => pick([operand, operand, () => pick(['=', '=', '>', '>=', '<', '<=', '^', '^', '^', '~', '~', '~>']) + gap() + operand()])();
const hyphen = () => `${operand()} - ${operand()}`;
const alternative = () => pick([
  comparator, comparator, comparator, hyphen, () => `>=${full()} <${full()}`, () => `${comparator()} ${comparator()}`, () => `>${operand()} <=${operand()}`,
  () => `${comparator()}  ${comparator()} ${comparator()}`,
])();
const range = () => pick([
  alternative, alternative, alternative, alternative, () => `${alternative()} || ${alternative()}`, () => `${alternative()}||${alternative()}`,
  () => ` ${alternative()} `, () => `${alternative()} || ${alternative()} || ${alternative()}`,
])();

const by_hand = [
  '', ' ', '*', 'x', 'X', '||', '|| 1.2.3', '1 ||', '*.*', '*.*.*', 'x.x.x', '1', '1.2', '1.2.3', 'v1.2.3', '=1.2.3', '= 1.2.3', '==1.2.3', 'vv1.2.3', '=v1.2.3', 'v=1.2.3', '^', '~', '>', '>=', '<', '=',
  '~>1.2', '~> 1.2', '~ 1.2', '^ 1.2', '> 1', '>=\t1', '^0', '^0.0', '^0.x', '^0.0.x', '^0.0.0', '^0.0.3', '^0.2.3', '^1.x', '^1.2.x', '~0', '~0.0', '~0.0.1', '>*', '<*', '>=*', '<=*', '^*', '~*', '>x', '<x',
  '1 - 2', '1.2 - 2.3', '1.2.3 - 2.3.4', '1.2.3 - 2', '1.2.3 - 2.3', '* - 2', '1 - *', '1.2.3-alpha - 2.0.0-beta', '1.2.3-alpha - 1.2.3', '1.2.3 -2', '1.2.3- 2', '1.2.3-2', '1 - 2 || 3 - 4', '1 - 2 3', '0 1 - 2',
  ' 1  -  2 ', '1\t-\t2', '1.2.3-0 - 2', '^1.2.3-beta', '^0.0.1-beta', '^0.1.2-beta.2', '~1.2.3-beta.2', '>1.2.3-alpha.3', '>=1.2.3-alpha <1.2.3', '<1.2.3-beta', '<=1.2.3-beta', '1.2.3-beta', '=1.2.3-beta', '>=1.2.3-0', '<1.2.3-0',
  '>=1.0.0-0 <2.0.0-0', '>1.2', '>1', '<1.2', '<1', '<=1', '<=1.2', '>=1', '>=1.2', '>=1.2.x', '<1.2.x', '<=1.2.x', '>1.2.x', '>0', '<0', '<0.0.0', '<0.0.0-0', '>0.0.0-0', '1.2.3+build', '>=1.2.3+build', '^1.2.3+build', '1.2.3-beta+build',
  '1.x.x-beta', '1.2.x-beta', '1.2-beta', '1-beta', '1.2.x+build', '1.2+build', '1+build', 'x.2.3', '*.2', '1.x.3', '^1.x.3', '~1.x.3', '>=1.x.3', '1.x.3 - 2', '1.*.*', '1.2.*', '>=1.0.0 <2.0.0', '>=1.0.0\t<2.0.0', '>=1.0.0\n<2.0.0', '>=1.0.0,<2.0.0', '>1 <3',
  '>3 <1', '^1 ^1.2', '^1 ^2', '1.2.3 1.2.4', '1.2.3 || 1.2.4', '+1', '>=1.x <=2.x', '1.x.3 || 2', '~1.x.3', '>=x.1', '>==1.2.3', '^=1.2.3', '~=1.2', '^v1.2.3', '~>v1', '==1.x', '>==1.x', '>v1', '<=v1.2', 'v 1.2.3', 'v 1.2.3 - 2', '1 - v 2', '= 1.2.3 - 2', '1 - = 2', '=1.2.3 - =2', 'v1 - v2.3', '=v1.0.0 - v2.0.0', '1.0.0-alpha || >=0.0.0', '1.0.0-alpha || *', '1.0.0-alpha || x', '1.0.0-alpha || ^2', '9007199254740991.0.0', '9007199254740992.0.0', '^9007199254740990.0.0', '9007199254740990.x', '^9007199254740991.0.0', '~1.9007199254740991.0', '^0.0.9007199254740991', '9007199254740991.x', '>9007199254740991', '<=9007199254740991', '>=9007199254740991', '>=9007199254740990.9007199254740990.9007199254740990',
  '1.2.3-99999999999999999999', '>=1.2.3-99999999999999999999',
];
const invalid = [
  '01.2.3', '1.02.3', '1.2.03', '01', '1.02', '^01.2.3', '1.2.3-01', '>=1.2.3-01', '1.2.3.4', '1.2.3.4.5', 'a', 'a.b.c', 'latest', '1.2.3 latest', '1.a', '1.2.y', '>>1', '<>1', '=>1', '=<1', '!1', '!=1.2.3', '1.2.3-', '1.2.3+', '1.2.3-a..b',
  '1.2.3-é', '^^1', '~~1', '^~1', '~^1', '^>1', '>^1', '>~1', '~>>1', '1..2', '.1', '1.', '1.2.', '-1', '1.-2', '1.2.-3', '1 | 2', '1 & 2', '1;2', '1,2', '(1)', '[1,2)', '1.2.3 - ', ' - 1.2.3', '1 - 2 - 3', '1 -- 2', '>1 - 2', '1 - >2', '^1 - 2', '1.2.3 || a',
  'a || 1.2.3', '1.2.3 - 2 || b', 'https://example.org', 'git+ssh://a', 'file:../x', '99999999999999999999.0.0', '1.2.3_4', '1.2.3 alpha', 'v', 'x1', '1x', '1.x2', '*1', '**', '1.**', '~>', '>= ', '|||', '1 ||| 2', '||||', '０.1.2', '1.2.3\u00a0', '+1', '1.2.3-+x', '1e3', '0x10', '1.2.3-beta beta',
];

// What near() below would not come upon.
const by_hand_versions = {
  '>1.2.3-99999999999999999998': ['1.2.3-99999999999999999999', '1.2.3-99999999999999999998', '1.2.3-a'],
  '<1.2.3-a': ['1.2.3-99999999999999999999', '1.2.3-9', '1.2.3-A', '1.2.3--'],
  '>=1.2.3-alpha.9': ['1.2.3-alpha.10', '1.2.3-alpha.9', '1.2.3-alpha.8', '1.2.3-alpha', '1.2.3-alpha.9.0', '1.2.3-alpha9', '1.2.3-alpha.a'],
  '9007199254740990.x || >=9007199254740991.0.0': ['9007199254740990.1.0', '9007199254740991.0.0', '9007199254740989.0.0', '9007199254740991.9007199254740991.9007199254740991'],
};

const ranges = new Set([...by_hand, ...invalid]);
while (ranges.size < 1040) {
  ranges.add(range());
}

function near(text) {
  const numbers = text.match(/\d+(\.\d+)*/g) ?? ['1.2.3'];
  const parts = pick(numbers).split('.').map(n => BigInt(n));
  const [a, b, c] = [parts[0], parts[1] ?? 0n, parts[2] ?? 0n];
  const less = n => (n > 0n ? n - 1n : 0n);
  const base = pick([
    `${a}.${b}.${c}`, `${a}.${b}.${c}`, `${a}.${b}.${c}`, `${a}.${b}.${c + 1n}`, `${a}.${b}.${less(c)}`, `${a}.${b + 1n}.0`, `${a}.${less(b)}.${c}`, `${a + 1n}.0.0`, `${a + 1n}.${b}.${c}`, `${less(a)}.9.9`, '0.0.0',
  ]);
  const named = text.match(/-[0-9A-Za-z.-]+/g) ?? [];
  const suffix = random(100) < 45 ? `-${named.length && random(2) ? pick(named).slice(1) : pick(prereleases)}` : '';
  return base + suffix + sometimes(5, () => '+meta');
}

const field = text => text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replace(/[^ -~]/g, c => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
const row = (text, candidate, includePrerelease) => `${field(text)}\t${candidate}\t${includePrerelease}\t${semver.satisfies(candidate, text, { includePrerelease })}`;
const lines = [`# node-semver ${version}: range, version, includePrerelease, whether it satisfies or that the range is invalid`];
for (const text of ranges) {
  if (semver.validRange(text) === null) {
    lines.push(`${field(text)}\t-\t-\tinvalid`);
    continue;
  }
  const versions = new Set();
  for (let tries = 0; versions.size < 5 && tries < 60; tries++) {
    const candidate = near(text);
    if (semver.valid(candidate) !== null) {
      versions.add(candidate);
    }
  }
  for (const candidate of versions) {
    for (const includePrerelease of /-/.test(candidate) ? [false, true] : [random(2) === 1]) {
      lines.push(row(text, candidate, includePrerelease));
    }
  }
}
for (const [text, candidates] of Object.entries(by_hand_versions)) {
  for (const candidate of candidates) {
    lines.push(row(text, candidate, false), row(text, candidate, true));
  }
}
console.log(lines.join('\n'));
