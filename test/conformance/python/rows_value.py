"""Rows for Value."""

from table import Child, equal, mpctl, raises, row

several = {'int': 4343, 'float': 3.625, 'negative': -232, 'large': 2**33, 'text': 'x'}


def _change(n):
    for name, value in (('int', 24234), ('float', -4.25), ('negative', 234), ('large', 2**34), ('text', 'y')):
        mpctl.Value(n(name)).value = value


@row('value', 'Value.value', 'another process changes it', 'the new value', values=several,
     covers=['_TestValue.test_value', 'TestSyncManagerTypes.test_value'])
def value_changes(n):
    values = {name: mpctl.Value(n(name)) for name in several}
    equal({name: value.value for name, value in values.items()}, several)
    Child(_change, n).result()
    equal([value.value for value in values.values()], [24234, -4.25, 234, 2**34, 'y'])


@row('value', 'Value.value', 'any JSON', 'what was stored', values={'value': None})
def value_json(n):
    it = mpctl.Value(n('value'))
    equal(it.value, None)
    for item in (0, 'text', [1, {'a': None}], {'key': [True]}):
        it.value = item
        equal(it.value, item)
    raises(TypeError, setattr, it, 'value', object())


@row('value', 'Value.get_lock, get_obj, with', 'made with and without a lock', 'that lock; AttributeError',
     values={'value': 5}, locks={'lock': {'reentrant': True}}, covers=['_TestValue.test_getobj_getlock'])
def value_lock(n):
    lock = mpctl.RLock(n('lock'))
    it = mpctl.Value(n('value'), lock=lock)
    assert it.get_lock() is lock
    equal(it.get_obj().value, 5)
    named = mpctl.Value(n('value'), lock=n('lock'))
    with it:
        with named.get_lock():
            named.value += 1
    equal(it.value, 6)
    raises(AttributeError, mpctl.Value(n('value')).get_lock)


@row('value', 'Value.acquire, release', 'another process has it', 'it is locked; False; it is free', values={'value': 5},
     locks={'lock': {'reentrant': True}})
def value_acquire(n):
    def try_it():
        it = mpctl.Value(n('value'), lock=n('lock'))
        taken = it.acquire(False)
        if taken:
            it.release()
        return taken

    it = mpctl.Value(n('value'), lock=n('lock'))
    equal(it.acquire(), True)
    equal(Child(try_it).result(), False)
    it.release()
    equal(Child(try_it).result(), True)


@row('value', 'with Value.get_lock()', 'four processes add ten times in two steps', 'the sum of all', values={'value': 0},
     locks={'lock': {'reentrant': True}})
def value_locked_add(n):
    def add():
        it = mpctl.Value(n('value'), lock=n('lock'))
        for _ in range(10):
            with it.get_lock():
                it.value += 1

    for child in [Child(add) for _ in range(4)]:
        child.result()
    equal(mpctl.Value(n('value')).value, 40)


@row('value', 'Value.add, compare_and_set', 'four processes at the same time', 'each is one step', values={'sum': 0, 'value': 0})
def value_atomic(n):
    def add():
        for _ in range(25):
            mpctl.Value(n('sum')).add()
        it = mpctl.Value(n('value'))
        for _ in range(10):
            while not it.compare_and_set(before := it.value, before + 1):
                pass

    for child in [Child(add) for _ in range(4)]:
        child.result()
    equal([mpctl.Value(n('sum')).value, mpctl.Value(n('value')).value], [100, 40])
    equal(mpctl.Value(n('sum')).add(-0.5), 99.5)
    it = mpctl.Value(n('value'))
    it.value = 'text'
    raises(mpctl.Error, it.add, 1)
