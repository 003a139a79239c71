import { PassThrough } from 'node:stream';
import { beforeEach, expect, test } from 'vitest';
import { BodyBudget } from '../../../../src/pipeline/listener/body-budget.ts';

let budget: BodyBudget;
let bodies: PassThrough[];
beforeEach(() => {
  budget = new BodyBudget(100);
  bodies = [new PassThrough(), new PassThrough(), new PassThrough()];
  for (const body of bodies) budget.enter(body);
});

const flowing = () => bodies.map((body) => body.readableFlowing);

test('as long as there is room all bodies flow', () => {
  budget.take(60);
  budget.take(39);
  expect(flowing()).toEqual([true, true, true]);
});

test('when it is used up only the oldest flows', () => {
  budget.take(60);
  budget.take(40);
  expect(flowing()).toEqual([true, false, false]);
});

test('a body that comes then waits', () => {
  budget.take(100);
  const late = new PassThrough();
  budget.enter(late);
  expect(late.readableFlowing).toBe(false);
});

test('when the oldest ends and there is still no room, the next flows', () => {
  const [first = new PassThrough()] = bodies;
  budget.take(220);
  budget.release(120);
  budget.leave(first);
  expect(flowing()).toEqual([true, true, false]);
});

test('when there is room again all flow', () => {
  budget.take(100);
  budget.release(1);
  expect(flowing()).toEqual([true, true, true]);
});

test('a sole body flows though it has used up everything', () => {
  const [first = new PassThrough(), ...others] = bodies;
  for (const body of others) budget.leave(body);
  budget.take(150);
  expect(first.readableFlowing).toBe(true);
});
