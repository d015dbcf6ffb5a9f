import unittest

import etcd3

from blocking import BlockingClientTest


class Etcd3Test(BlockingClientTest, unittest.TestCase):
    package = etcd3
