import unittest

import pyetcd

from blocking import BlockingClientTest


class EtcdSdkPythonTest(BlockingClientTest, unittest.TestCase):
    package = pyetcd
