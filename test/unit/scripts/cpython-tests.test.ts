import { expect, it } from 'vitest';
import { differences, testsOf } from '../../../scripts/cpython-tests.ts';

const source = `
import unittest

class BaseLockTests(BaseTestCase):
    """Tests."""
    def test_acquire(self):
        def test_inner():
            pass

    @requires_fork()
    def test_try(self):
        pass

    def helper(self):
        pass

def test_of_no_class(): pass

class _TestLock(
        BaseTestCase,
):
    def test_lock(self): pass
`;

it('finds the test methods of each class', () => {
  expect(testsOf(source)).toEqual(['BaseLockTests.test_acquire', 'BaseLockTests.test_try', '_TestLock.test_lock']);
});

it('tells what is missing in the list and what is not in the sources, of the classes that it names', () => {
  expect(differences(['BaseLockTests.test_acquire', 'BaseLockTests.test_gone'], testsOf(source))).toEqual([
    'BaseLockTests.test_try is not in the list',
    'BaseLockTests.test_gone is in the list, and CPython has no such test',
  ]);
});
