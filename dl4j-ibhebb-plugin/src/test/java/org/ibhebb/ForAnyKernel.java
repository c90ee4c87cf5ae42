package org.ibhebb;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Tests that say the same whichever kernel computes signals: of settings, configurations, files and layouts. An ordinary
 * build runs them once, with the native kernel where there is one; {@code -Pwhole} runs them with each.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("any-kernel")
public @interface ForAnyKernel {}
