package org.ibhebb.internal.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.ibhebb.ForAnyKernel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Native libraries are loaded from where nobody else can put one, or it is said. */
@ForAnyKernel
class LibraryFolderTest {

    @TempDir
    Path folder;

    private Path above;
    private Path cache;
    private String user;

    @BeforeEach
    void makeFolders() throws IOException {
        assumeThat(Files.getFileStore(folder).supportsFileAttributeView("posix")).isTrue();
        above = Files.createDirectory(folder.resolve("above"));
        cache = Files.createDirectory(above.resolve("cache"));
        user = Files.getOwner(cache).getName();
        allow(above, "rwxr-xr-x");
        allow(cache, "rwxrwxr-x");
    }

    private static void allow(Path folder, String permissions) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void onesOwnFolderIsFine() {
        assertThat(LibraryFolder.objection(cache, user)).isNull();
        assertThat(LibraryFolder.objection(folder.resolve("none"), user)).isNull();
    }

    @Test
    void aFolderThatEverybodyCanWriteToIsNamed() throws IOException {
        allow(cache, "rwxrwxrwx");
        assertThat(LibraryFolder.objection(cache, user)).contains("every user");
    }

    /** Whoever can rename a folder can put another one in its place, but not where only owners may. */
    @Test
    void soIsOneInSuchAFolder() throws IOException {
        allow(above, "rwxrwxrwx");
        assertThat(LibraryFolder.objection(cache, user)).contains("every user", above.toRealPath().toString());
        Files.setAttribute(above, "unix:mode", 01777);
        assertThat(LibraryFolder.objection(cache, user)).isNull();
    }

    @Test
    void soIsAnotherUsersButNotTheAdministrators() {
        String objection = LibraryFolder.objection(cache, "somebody");
        if (user.equals("root")) {
            assertThat(objection).isNull();
        } else {
            assertThat(objection).contains(user);
        }
    }
}
