/** What the classifier for MOA is made of: instances as a network's inputs, and the network that learns them. */
package org.ibhebb.moa;
